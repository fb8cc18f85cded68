"""The page of an evidence archive, opened from disk in Debian's Chromium with the network off, and held to the command.

Both say the same of a thousand archives that somebody has tampered with, down to the first bad place.
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chromium import open_chromium
from command import MESSAGES, REGISTER, samband
from evidence_mutations import mutated
from lines import line, request
from playwright.sync_api import Browser, Page, expect

from broker.adapters.files.signing import Signer, Verifier
from broker.evidence import archive
from broker.log.evidence import Fault, verify

pytestmark = pytest.mark.live
SHOTS = os.environ.get("SAMBAND_SHOTS")
"""A folder for what is seen, to be looked at."""

VERIFY_ALL = """async ([whole, archives]) => {
  const bytes = (content) => Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const known = Object.entries(whole).map(([name, content]) => [name, bytes(content)]);
  const verdicts = [];
  for (const changes of archives) {
    const files = new Map(known);
    for (const [name, content] of changes) content === null ? files.delete(name) : files.set(name, bytes(content));
    verdicts.push((await verify(Object.fromEntries(files))).first_bad);
  }
  return verdicts;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of three of the sample's records, beside its data folder."""
    place = tmp_path_factory.mktemp("page")
    assert samband("run", MESSAGES, *REGISTER, "--data", place / "data", "--json").status == 0
    assert samband("rotate", "log", "--data", place / "data").status == 0
    message = place / "after.jsonl"
    message.write_bytes(line(request(900)) + b"\n")
    assert samband("run", message, *REGISTER, "--data", place / "data", "--json").status == 0
    chosen = ("--seq", 0, "--seq", 2, "--seq", 4, *REGISTER)
    ended = samband("audit", "evidence", "--data", place / "data", "--out", place / "evidence", *chosen)
    assert ended.status == 0, ended.err
    return place / "evidence"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's own."""
    with open_chromium() as browser:
        yield browser


@contextmanager
def opened(chromium: Browser, file: Path) -> Iterator[Page]:
    """The page from disk, with no network: nothing but itself is asked for, and nothing in it is blocked or broken."""
    context = chromium.new_context(locale="sv-SE", offline=True, viewport={"width": 900, "height": 1000})
    page, asked, faults = context.new_page(), list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(file.as_uri())
    yield page
    assert (asked, faults) == ([file.as_uri()], [])
    context.close()


def difference(whole: dict[str, bytes], files: dict[str, bytes]) -> list[tuple[str, str | None]]:
    """What is otherwise in an archive than in the whole one: contents, and None for what is gone."""
    gone: list[tuple[str, str | None]] = [(name, None) for name in whole.keys() - files.keys()]
    return gone + [
        (name, base64.b64encode(content).decode()) for name, content in files.items() if whole.get(name) != content
    ]


def look(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def test_the_page_and_the_command_refuse_a_thousand_archives_at_the_same_place(
    chromium: Browser, folder: Path, tmp_path: Path
) -> None:
    whole = dict(archive.read(folder))
    archives = list(mutated(whole, Signer(tmp_path / "log.key", "samband.local/audit")))
    encoded = {name: base64.b64encode(content).decode() for name, content in whole.items()}
    with opened(chromium, folder / "verify.html") as page:
        expect(page.locator("#result.good")).to_be_visible()
        told: list[Any] = page.evaluate(VERIFY_ALL, [encoded, [[], *(difference(whole, one) for one in archives)]])
    assert told[0] is None
    faults = [Fault(**fault) if fault else None for fault in told[1:]]
    assert len(faults) == 1000 and None not in faults
    assert faults == [verify(one, Verifier).first_bad for one in archives]


def test_a_stranger_opens_it(chromium: Browser, folder: Path) -> None:
    with opened(chromium, folder / "verify.html") as page:
        result = page.locator("#result")
        expect(result).to_contain_text("Håller: 4 poster, ord för ord, ur en undertecknad logg med 8 poster.")
        expect(page.get_by_role("heading", name="Det här visar prövningen inte")).to_be_visible()
        expect(page.locator("#record-list article")).to_have_count(4)
        expect(page.locator("#records")).to_contain_text("Botkyrka kommun")
        assert page.locator("#statute-list details").count() > 0
        look(page, "bevis")
        page.get_by_role("button", name="English").click()
        expect(result).to_contain_text("It holds: 4 records")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_label("The log's key").fill("samband.local/audit+00000000+AAAA")
        page.get_by_role("button", name="Verify again").click()
        expect(result).to_contain_text(
            "It does not hold. The first fault: the list: the archive is signed with another key"
        )
        expect(page.locator("#records")).to_be_hidden()
        page.get_by_label("The log's key").fill((folder.parent / "data" / "log.vkey").read_text("utf-8"))
        page.get_by_role("button", name="Verify again").click()
        expect(result).to_contain_text("Verified under the key that you gave.")


def test_a_page_that_somebody_has_changed_is_red_and_shows_no_record(
    chromium: Browser, folder: Path, tmp_path: Path
) -> None:
    """A record in the page itself, with its place in the list set right; then a whole archive by the chooser."""
    record = (folder / "records" / "2.json").read_bytes()
    changed = record.replace(b"withhold", b"forward_")
    assert changed != record
    page_text = (folder / "verify.html").read_text("utf-8")
    wrong = tmp_path / "verify.html"
    wrong.write_text(page_text.replace(*(base64.b64encode(one).decode() for one in (record, changed))), "utf-8")
    with opened(chromium, wrong) as page:
        expect(page.locator("#result.bad")).to_contain_text("Första felet: post 2: den är inte den som")
        expect(page.locator("#records")).to_be_hidden()
        look(page, "bevis-fel")
        page.locator("#folder").set_input_files(folder)
        expect(page.locator("#result.good")).to_be_visible()
    other = tmp_path / "other"
    files = archive.read(folder)
    archive.write(other, {**files, "statutes.json": b"{}"})
    with opened(chromium, folder / "verify.html") as page:
        expect(page.locator("#result.good")).to_be_visible()
        page.locator("#folder").set_input_files(other)
        expect(page.locator("#result.bad")).to_contain_text("Första felet: lagtexterna")


def test_a_browser_that_can_t_verify_says_so(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.add_init_script("delete Crypto.prototype.subtle")
    page.goto((folder / "verify.html").as_uri())
    expect(page.locator("#result.unknown")).to_contain_text("Här går det inte att pröva arkivet")
    expect(page.locator("#records")).to_be_hidden()
    context.close()
    scriptless = chromium.new_context(offline=True, java_script_enabled=False).new_page()
    scriptless.goto((folder / "verify.html").as_uri())
    expect(scriptless.locator("#result")).to_contain_text("kör inte skript")
    scriptless.context.close()
    assert json.loads((folder / "manifest.json").read_bytes())["samband"] == "audit evidence 1"
