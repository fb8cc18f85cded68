"""The whole surface of a place with pages, as a browser finds it: every page within reach, every form on them.

In: a browser that is logged in. `described` is that surface as OpenAPI, for generated requests.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from starlette.testclient import TestClient

from broker.web.access import TOKEN, Page
from broker.web.security import STATIC

LEAVES = ("/logga-ut", "/logga-in")
"""Where a session ends, or begins."""
TYPED = ("text", "textarea", "search", "tel", "number", "date", "time", "datetime-local", "email", "")
MOST_PAGES = 400


@dataclass
class Form_:
    """A form of a page: where it goes, what it sends as it stands, which of its fields somebody types in."""

    page: str
    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)


class Found(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, page: str, html: str) -> None:
        super().__init__()
        self.page, self.links, self.forms = page, set[str](), list[Form_]()
        self._form: Form_ | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "download" not in given:
            self.links.add(urljoin(self.page, given.get("href", "")))
        elif tag == "form" and given.get("method", "get") == "post":
            self._form = Form_(self.page, urlsplit(urljoin(self.page, given.get("action", "") or self.page)).path)
            self.forms.append(self._form)
        elif self._form and given.get("name"):
            self._field(self._form, tag, given["name"], given)
        elif self._form and tag == "option" and self._select:
            self._form.choices[self._select].add(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""

    def _field(self, form: Form_, tag: str, name: str, given: Mapping[str, str]) -> None:
        sort, value = given.get("type", "textarea" if tag == "textarea" else ""), given.get("value", "")
        if tag == "select":
            self._select = name
            form.choices.setdefault(name, set())
        elif tag == "button" or sort in ("radio", "checkbox", "submit"):
            form.choices.setdefault(name, set()).add(value)
        elif sort in TYPED:
            form.typed.add(name)
        if sort == "hidden":
            form.values.setdefault(name, []).append(value)


def walk(client: TestClient, *begin: str, most: int = MOST_PAGES) -> tuple[set[str], list[Form_]]:
    """Every page within reach of some, by links, or so many of them; every form on them."""
    wait, pages, forms = deque(begin), set[str](), list[Form_]()
    while wait and len(pages) < most:
        page = wait.popleft()
        if page in pages:
            continue
        pages.add(page)
        answer = client.get(page)
        assert answer.status_code < 500, page
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        found = Found(page, answer.text)
        forms += found.forms
        wait += [link for link in map(_within, found.links) if link and link not in pages]
    return pages, forms


def _within(link: str) -> str:
    """A link's path and query where it is one of the place; else empty."""
    parts = urlsplit(link)
    if parts.netloc or parts.scheme or not parts.path.startswith("/") or parts.path.startswith((STATIC, *LEAVES)):
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def described(client: TestClient, forms: list[Form_], known: Mapping[str, list[Any]]) -> dict[str, Any]:
    """The surface as OpenAPI: every route, every field that some form of it has, the token of this session's forms.

    `known`: values of a path's parameters that exist; of others small numbers.
    """
    paths: dict[str, dict[str, Any]] = {}
    for route in (one for one in client.app.routes if isinstance(one, Page)):  # type: ignore[attr-defined]
        if route.path.startswith(LEAVES):
            continue
        path = re.sub(r":\w+}", "}", route.path)
        parameters = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {
                    "anyOf": [
                        {"enum": known.get(name, [0, 1, 2, 3])},
                        {"type": "integer"},
                        {"type": "string", "minLength": 1},
                    ]
                },
            }
            for name in re.findall(r"{(\w+)}", path)
        ]
        for method in sorted({"GET", "POST"} & (route.methods or set())):
            operation: dict[str, Any] = {"parameters": parameters, "responses": {"200": {"description": "a page"}}}
            if method == "POST":
                operation["requestBody"] = _body(route, forms)
            else:
                asked = {"name": "q", "in": "query", "schema": {"type": "object"}, "style": "form", "explode": True}
                operation["parameters"] = [*parameters, asked]
            paths.setdefault(path, {})[method.lower()] = operation
    return {"openapi": "3.1.0", "info": {"title": "pages", "version": "1"}, "paths": paths}


def _body(route: Page, forms: list[Form_]) -> dict[str, Any]:
    own = [form for form in forms if route.path_regex.match(form.action)]
    properties: dict[str, Any] = {}
    for form in own:
        properties |= {name: {"type": "string"} for name in form.typed}
        properties |= {name: {"enum": values} for name, values in form.values.items()}
        properties |= {
            name: {"anyOf": [{"enum": sorted(values)}, {"type": "string"}]}
            for name, values in form.choices.items()
            if values
        }
    tokens = sorted({value for form in forms for value in form.values.get(TOKEN, ())})
    properties[TOKEN] = {"enum": tokens[:1]}
    schema = {"type": "object", "properties": properties, "required": [TOKEN], "additionalProperties": True}
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": schema}}}


def filled(form: Form_, text: str) -> Iterator[dict[str, Any]]:
    """A form's fields with a text in each that somebody types in: with the first of each choice, then the last."""
    for end in (0, -1):
        chosen = {name: sorted(values)[end] for name, values in form.choices.items() if values}
        yield chosen | {name: values[-1] for name, values in form.values.items()} | dict.fromkeys(form.typed, text)
