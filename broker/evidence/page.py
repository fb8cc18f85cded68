"""The page that verifies an archive offline: one HTML file that holds the archive, its program, its words, no address.

The page may load nothing and send nothing: its policy (CSP) lets only its own script and style in, by their hashes.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined

from broker import texts
from broker.log.evidence import Files
from broker.model.decision import Json

NAME = "verify.html"

_TABLES = ("evidence", "evidence_page", "kinds", "outcomes")
_ARCHIVE = re.compile(rb'<script type="application/json" id="archive">([^<]*)</script>')


def page(files: Files, names: Mapping[str, str], lang: str) -> str:
    """The page as HTML, shown first in this language. `names`: what to call the parties of the records, by id."""
    environment = Environment(loader=PackageLoader("broker.evidence", ""), autoescape=True, undefined=StrictUndefined)
    script, style = _own("verify.js") + _own("page.js"), _own("verify.css")
    words = {one: {table: texts.read(one)[table] for table in _TABLES} for one in texts.LANGUAGES}
    return environment.get_template(NAME).render(
        lang=lang,
        t=texts.read(lang)["evidence_page"],
        script=script,
        script_hash=_hash_of(script),
        style=style,
        style_hash=_hash_of(style),
        archive=_as_data({name: base64.b64encode(content).decode() for name, content in files.items()}),
        words=_as_data({"texts": words, "names": dict(names)}),
    )


def archive_in(html: bytes) -> dict[str, bytes] | None:
    """The files of the archive that a page holds; None where it holds none."""
    match = _ARCHIVE.search(html)
    if match is None:
        return None
    try:
        archive = json.loads(match[1])
        return {name: base64.b64decode(content, validate=True) for name, content in archive.items()}
    except (ValueError, TypeError, AttributeError):
        return None


def _own(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _hash_of(content: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"


def _as_data(value: Json) -> str:
    """JSON that can't end the element that it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
