"""The pages' descriptions against the national REST API profile: which of its rules are met is what the table says."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from schemas import write_openapi

Json = dict[str, Any]
Verdict = bool | None
"""None: there is nothing that the rule is about."""

TABLE = Path(__file__).parents[1] / "schemas" / "openapi" / "README.md"
WORDS: dict[Verdict, str] = {True: "met", False: "not met", None: "does not apply"}
METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = ("application/problem+json", "application/problem+xml")
NUMBERS = ("pnr", "personalidentitynumber", "personnummer", "personnr", "ssn", "socialsecuritynumber")


def operations(document: Json) -> list[Json]:
    return [path[method] for path in document["paths"].values() for method in METHODS if method in path]


def parameters(document: Json, *places: str) -> list[Json]:
    holders = [*document["paths"].values(), *operations(document)]
    return [one for holder in holders for one in holder.get("parameters", ()) if one["in"] in places]


def contents(document: Json, least: int, most: int) -> list[Json]:
    """The content of each response within these codes."""
    answers = [answer for operation in operations(document) for answer in operation["responses"].items()]
    return [said["content"] for code, said in answers if least <= int(code) < most and "content" in said]


def bodies(document: Json) -> list[Json]:
    return [one["requestBody"]["content"] for one in operations(document) if "requestBody" in one]


def schemes(document: Json, **wanted: str) -> list[Json]:
    known = document["components"].get("securitySchemes", {}).values()
    return [one for one in known if all(one.get(name) == value for name, value in wanted.items())]


def every(found: list[Any], holds: Callable[[Any], object]) -> Verdict:
    """Whether it holds of all; None where there is none."""
    return all(map(holds, found)) if found else None


def fields(node: Any) -> Iterator[str]:
    """The names of all properties of the described schemas."""
    if isinstance(node, dict):
        yield from node.get("properties", {})
        for below in node.values():
            yield from fields(below)


def has(node: Any, path: str) -> bool:
    for name in path.split("."):
        node = node.get(name) if isinstance(node, dict) else None
    return bool(node)


def urls(document: Json) -> list[str]:
    return [one["url"] for one in document["servers"]]


def parts(document: Json) -> list[str]:
    """What the addresses are made of, without what is filled in."""
    return [part for path in document["paths"] for part in path.split("/") if part and not part.startswith("{")]


def versions(document: Json) -> Verdict:
    return every(urls(document), lambda url: re.search(r"/v[0-9]+/?$", urlsplit(url).path))


def no_json(document: Json) -> Verdict:
    """Rules about JSON, of which there is none."""
    found = [one for one in (*contents(document, 100, 600), *bodies(document)) if "application/json" in one]
    return None if not found else False


CHECKS: dict[str, Callable[[Json], Verdict]] = {
    "DOK.01": lambda d: has(d, "externalDocs.description") and has(d, "externalDocs.url"),
    "DOK.03": lambda d: all(
        has(d["info"], name)
        for name in (
            *("version", "title", "description", "contact.name", "contact.url", "contact.email"),
            *("license.name", "license.url"),
        )
    ),
    "DOK.06": lambda d: {"and", "och"} <= set(re.findall(r"\w+", d["info"]["description"].lower())),
    "DOK.07": lambda d: has(d, "info.description"),
    "DOK.08": lambda d: all(has(d["info"], f"x-sla.{name}") for name in ("availability", "responseTime", "support")),
    "DOK.09": lambda d: has(d, "info.x-limitations"),
    "DOK.11": lambda d: bool(d["info"]["description"].strip()),
    "DOK.15": no_json,
    "DOK.17": lambda d: d["openapi"].startswith("3."),
    "DOK.19": lambda d: every(operations(d), lambda one: has(one, "description")),
    "DOK.20": lambda d: every(
        [answer for one in operations(d) for answer in one["responses"].values()], lambda one: has(one, "description")
    ),
    "DOT.01": no_json,
    "DOT.04": lambda d: None if not d["components"].get("schemas") else False,
    "RES.02": lambda d: every(parameters(d, "path", "query"), lambda one: one["name"].lower() not in NUMBERS),
    "RES.06": lambda d: every(parts(d), lambda part: re.fullmatch(r"[a-z0-9-]+", part)),
    "UFN.01": lambda d: every(urls(d), lambda url: re.fullmatch(r"https?://[^/]+/[^/]+/v[0-9]+/?", url)),
    "UFN.02": lambda d: every(urls(d), lambda url: url.startswith("https://") and urlsplit(url).port in (None, 443)),
    "UFN.05": lambda d: every([*urls(d), *d["paths"]], lambda url: len(url) <= 2048),
    "UFN.07": lambda d: every(parts(d), lambda part: re.fullmatch(r"[a-z0-9.~-]+", part)),
    "UFN.08": lambda d: every(parts(d), lambda part: not re.search(r"[_%+]|[a-z][A-Z]", part)),
    "UFN.09": lambda d: every(
        [*urls(d), *parts(d), *(one["name"] for one in parameters(d, "path"))], lambda text: not set(" _") & set(text)
    ),
    "AME.01": lambda d: every([*contents(d, 100, 400), *bodies(d)], lambda one: "application/json" in one),
    "AME.02": lambda d: every(bodies(d), lambda one: "application/json" in one),
    "AME.04": lambda d: every(
        list(fields(d["components"])), lambda name: re.fullmatch("[a-z][a-zA-Z0-9]*|[a-z0-9_]+", name)
    ),
    "AME.05": lambda d: every(list(fields(d["components"])), lambda name: "_" not in name),
    "AME.07": lambda d: every(list(fields(d["components"])), lambda name: re.fullmatch(r"\w+", name)),
    "ARQ.01": lambda d: every(bodies(d), lambda one: any(sort.startswith("application/json") for sort in one)),
    "ARQ.03": lambda d: every(parameters(d, "header"), lambda one: "schema" in one),
    "ARQ.05": lambda d: every(parameters(d, "header"), lambda one: one["schema"].get("type") != "object"),
    "FEL.01": lambda d: every(
        [one[sort] for one in contents(d, 400, 600) for sort in PROBLEM if sort in one], lambda one: has(one, "schema")
    ),
    "FEL.02": lambda d: every(contents(d, 400, 600), lambda one: any(sort in one for sort in PROBLEM)),
    "VER.05": versions,
    "VER.06": lambda d: "/api-info" in d["paths"],
    **{
        f"FNS.0{n}": lambda d: every(parameters(d, "query"), lambda one: re.fullmatch("[a-z][a-z_]*", one["name"]))
        for n in (1, 3, 5, 6, 7, 8, 9)
    },
    "SAK.01": lambda d: every(urls(d), lambda url: url.startswith("https://")),
    "SAK.09": lambda d: not schemes(d, scheme="basic") and not schemes(d, scheme="digest"),
    "SAK.10": lambda d: every([one for one in schemes(d) if "scheme" in one], lambda one: one["scheme"] == "bearer"),
    "SAK.15": lambda d: every(schemes(d, type="apiKey"), lambda one: one["in"] != "query"),
    "SAK.16": lambda d: every(schemes(d, type="apiKey"), lambda one: one["in"] == "header"),
    "SAK.18": lambda d: every(schemes(d, type="oauth2"), lambda one: has(one, "flows")),
    "FOR.02": lambda d: not any("requestBody" in path.get("get", {}) for path in d["paths"].values()),
}


@pytest.mark.parametrize("name", write_openapi.documents())
def test_the_table_says_what_is_met(name: str) -> None:
    document = write_openapi.documents()[name]
    said = dict(re.findall(r"^\| ([A-Z]{3}\.\d\d) \| ([a-z ]+?) \|", TABLE.read_text("utf-8"), re.MULTILINE))
    shown = {rule: WORDS[check(document)] for rule, check in CHECKS.items()}
    assert shown.keys() == said.keys()
    files = any(part.endswith((".csv", ".json")) for part in parts(document))
    assert {rule: verdict for rule, verdict in shown.items() if verdict != said[rule]} == (
        {} if files else {"RES.06": "met"}
    )


def test_what_is_not_met_has_its_reason() -> None:
    rows = re.findall(r"^\| ([A-Z]{3}\.\d\d) \| ([a-z ]+?) \| ?(.*?) ?\|$", TABLE.read_text("utf-8"), re.MULTILINE)
    assert len(rows) == len(CHECKS) and all(why for _, verdict, why in rows if verdict != "met")
