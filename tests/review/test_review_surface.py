"""Whatever is sent to the auditors' pages, they have an answer; and what was typed comes back as text."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from surface import filled, walk

from tests.review.conftest import REGISTER
from tests.review.web_room import add_user, logged_in, new_room

pytestmark = pytest.mark.slow

SCRIPT = "<script>alert(1)</script>\x1b[31m\x07\u202e"
SAFE = ("<script>alert", "\x1b", "\x07")
MOST = 40
"""Pages that are looked at: of the log's many decisions a few."""


def test_script_and_terminal_codes_come_back_as_text(town: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        room = new_room(stack, town, register=REGISTER, keys=tmp_path / "keys")
        add_user(room)
        client = logged_in(room)
        client.raise_server_exceptions = False  # type: ignore[attr-defined]
        _, forms = walk(client, "/", "/granska", "/granskningar", "/planera", "/siffror", "/andra-lag", most=MOST)
        typed = {form.action: form for form in forms if form.typed}
        assert len(typed) > 3, sorted(typed)
        pages = {form.page for form in forms}
        for form in typed.values():
            for fields in filled(form, SCRIPT):
                answer = client.post(form.action, data=fields)
                assert answer.status_code < 500, form.action
                assert _as_text(answer), form.action
                pages |= {answer.headers["location"]} if answer.status_code == 303 else set()
        for page in sorted(pages):
            answer = client.get(page)
            assert answer.status_code < 500, page
            assert _as_text(answer), page


def _as_text(answer: Any) -> bool:
    """Whether nothing that was typed would do anything in a browser, or a terminal; a file is not shown in any."""
    is_page = "text/html" in answer.headers.get("content-type", "")
    return not is_page or not any(code in answer.text for code in SAFE)
