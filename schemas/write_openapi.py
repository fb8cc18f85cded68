"""Makes `schemas/openapi/` (OpenAPI 3.1) from the routes of the desk and of the auditors' room: each address, who may.

They are pages for people, not an interface between systems: those exchange messages, which `asyncapi.yaml` describes.
What of the national REST API profile they meet, and what not, is in `schemas/openapi/README.md`.
A development task: `python -m schemas.write_openapi` writes the files, `--check` only compares.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from starlette.routing import BaseRoute

from agents.desk.web.app import PAGES as DESK
from broker.review.web.app import PAGES as REVIEW
from broker.web import login
from broker.web.access import ANYONE, DOOR, PUBLIC, Page
from schemas.yaml_text import lines_of

FOLDER = Path(__file__).parent / "openapi"
VERSION = "1.0.0"
_ADDRESS = "https://samband.example.se"
_JOINING = f"{_ADDRESS}/JOINING.md"
_SESSION = "session"
_PARAMETER = re.compile(r"\{([a-z_]+)(?::([a-z]+))?\}")
_WHOLE = "int"
"""What a route calls a number in an address; all else is text."""
_WHO = {
    PUBLIC: "Anybody, with no cookie.",
    DOOR: "Anybody who is about to log in.",
    ANYONE: "Anybody who is logged in.",
}

_DOES = {
    "get": "Shows the page. Nothing is changed.",
    "post": "Does what the page's form says, and leads on to the page that shows it.",
}

Json = dict[str, Any]


def documents() -> dict[str, Json]:
    """File name -> document."""
    return {
        "desk.yaml": _document(
            "Samband: the desk",
            "Where people at an authority ask and answer.\n\nDär människor på en myndighet frågar och svarar.",
            DESK,
        ),
        "review.yaml": _document(
            "Samband: the auditors' room",
            "Where the log is reviewed, and the broker run.\n\nDär loggen granskas och förmedlingen sköts.",
            REVIEW,
        ),
    }


def _document(title: str, about: str, pages: Iterable[Iterable[BaseRoute]]) -> Json:
    routes = [*login.routes(None), *(route for routes in pages for route in routes)]
    paths: dict[str, Json] = {}
    for route in routes:
        if isinstance(route, Page):
            path, parameters = _path(route.path)
            operations = paths.setdefault(path, {"parameters": parameters} if parameters else {})
            method = next(iter(sorted((route.methods or set()) - {"HEAD"}))).lower()
            operations[method] = _operation(method, path, route.may)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": VERSION,
            "description": about,
            "contact": {"name": "Samband", "url": f"{_ADDRESS}/hjalp", "email": "samband@example.se"},
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
            "x-limitations": "Pages for people: what a form holds may change with each version. Systems use messages.",
            "x-sla": {
                "availability": "As the authority whose place it is has agreed with whoever runs it.",
                "responseTime": "Likewise; what is measured is at /drift.",
                "support": "The contact of that authority.",
            },
        },
        "externalDocs": {"description": "How an authority joins, and what is described where.", "url": _JOINING},
        "servers": [{"url": _ADDRESS, "description": "The authority's own address."}],
        "paths": {path: paths[path] for path in sorted(paths)},
        "components": {
            "securitySchemes": {
                _SESSION: {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "samband",
                    "description": "A session, begun by the authority's login (OpenID Connect).",
                }
            }
        },
    }


def _path(path: str) -> tuple[str, list[Json]]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if sort == _WHOLE else "string"}}
        for name, sort in _PARAMETER.findall(path)
    ]
    return _PARAMETER.sub(r"{\1}", path), parameters


def _operation(method: str, path: str, may: str) -> Json:
    page = {"text/html": {"schema": {"type": "string"}}}
    said: Json = {
        "operationId": method + "".join(part.capitalize() for part in re.findall(r"[a-z0-9]+", path) or ["begin"]),
        "summary": _WHO.get(may, f"Who has the right {may}."),
        "description": _DOES[method],
        "security": [] if may in (PUBLIC, DOOR) else [{_SESSION: []}],
    }
    responses: Json = {
        "303": {"description": "On to another page; to the login where nobody is logged in."},
        "404": {"description": "There is no such page, or it is not yours: the same words for both.", "content": page},
    }
    if method == "get":
        responses["200"] = {"description": "The page.", "content": page}
    else:
        form = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
        said["requestBody"] = {
            "content": {"application/x-www-form-urlencoded": form, "multipart/form-data": form},
            "description": "The page's form, with the token that it holds.",
        }
        responses["403"] = {"description": "Not a form that this place has given.", "content": page}
        responses["422"] = {"description": "The form again, with what to mend at its fields.", "content": page}
    said["responses"] = {code: responses[code] for code in sorted(responses)}
    return said


def files() -> dict[str, str]:
    """File name -> text."""
    head = "# Made by python -m schemas.write_openapi.\n"
    return {name: head + "\n".join(lines_of(document)) + "\n" for name, document in documents().items()}


def differing() -> list[str]:
    """Names of files that are missing or differ."""
    return [name for name, text in files().items() if _read(FOLDER / name) != text]


def _read(file: Path) -> str | None:
    return file.read_text("utf-8") if file.exists() else None


def main(arguments: Sequence[str]) -> int:
    """Write the files, or with `--check` compare them."""
    if "--check" in arguments:
        return int(bool(differing()))
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
