"""A person with a browser, on the town's desks: what is seen is looked at as axe-core looks, in each light."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

expect.set_options(timeout=30_000)  # a machine that is busy proves nothing
FOLDER = Path(__file__).parent
PHONE, SCREEN = {"width": 320, "height": 800}, {"width": 1180, "height": 900}
_GRAVE = ("serious", "critical")
_LIGHTS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light", "forced_colors": "none"},
    {"color_scheme": "dark", "forced_colors": "none"},
    {"color_scheme": "light", "forced_colors": "active"},
)
_SECONDS = 120_000
"""Until a message has come over, at most: the courier looks every ten seconds."""


@cache
def axe() -> str:
    """axe-core, fetched once as the lock file says."""
    script = FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(install, cwd=FOLDER, check=True, capture_output=True, timeout=300)
    return script.read_text("utf-8")


def open_page(browser: Browser, *, lang: str = "sv-SE", script: bool = True) -> Page:
    """A browser of one's own in Sweden: its day is the desk's, also in the hour when UTC's is yesterday's."""
    return browser.new_context(
        viewport=SCREEN,  # type: ignore[arg-type]
        locale=lang,
        timezone_id="Europe/Stockholm",
        java_script_enabled=script,
    ).new_page()


@dataclass
class Person:
    """Somebody at a desk: `address` and the login of their account."""

    page: Page
    address: str
    account: str = ""
    password: str = ""
    shots: Path | None = None
    faults: list[str] = field(default_factory=list)
    """What was written to the browser's console: a page that is blocked by its own policy says so there."""

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message.type, message.text))

    def _note(self, sort: str, text: str) -> None:
        if sort == "error" and not re.search("status of (409|422)", text):  # a form that is shown again with its faults
            self.faults.append(text)

    def log_in(self) -> None:
        """By the local account."""
        self.page.goto(f"{self.address}/logga-in")
        self.page.fill("#konto", self.account)
        self.page.fill("#losenord", self.password)
        self.page.click("main button[type=submit]")

    def go(self, path: str) -> None:
        """Open a page."""
        answer = self.page.goto(self.address + path)
        assert answer is not None and answer.status == 200, path

    def look(self, name: str, *, lights: int = len(_LIGHTS)) -> None:
        """Nothing grave in any light, nothing beside the page on a small telephone.

        `lights`: fewer of a page that has been looked at in each, in another language or as another role.
        """
        for light in _LIGHTS[:lights]:
            self.page.emulate_media(**light)
            self.page.evaluate(axe())
            grave = list(_grave(self.page.evaluate("axe.run({resultTypes: ['violations']})")))
            assert grave == [], (name, light)
            if self.shots:
                kind = "forced" if light["forced_colors"] == "active" else light["color_scheme"]
                self.page.screenshot(path=self.shots / f"{name}-{kind}.png", full_page=True)
        self.page.emulate_media(**_LIGHTS[0])
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(width) <= 0, f"{name}: beside the page at 320"
        self.page.set_viewport_size(SCREEN)  # type: ignore[arg-type]

    def wait_for(self, path: str, text: str | re.Pattern[str]) -> None:
        """Look again until it has come."""
        for _ in range(_SECONDS // 1000):
            self.go(path)
            if self.page.locator("main").get_by_text(text).count():
                return
            self.page.wait_for_timeout(1000)
        raise AssertionError(f"{text} did not come to {path}")

    def says(self, text: str | re.Pattern[str]) -> None:
        """It stands on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def press_primary(self) -> None:
        """The one button that leads on."""
        self.page.locator('main form button.ds-button[data-variant="primary"]').first.click()

    def choose(self, name: str, value: str) -> None:
        """A radio button or a box, by its name and value."""
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()

    def type(self, name: str, text: str) -> None:
        """A field, by its name."""
        self.page.locator(f'[name="{name}"]').first.fill(text)


def _grave(found: dict[str, Any]) -> Iterator[str]:
    for rule in found["violations"]:
        if rule["impact"] in _GRAVE:
            yield f"{rule['id']}: {[node['html'][:120] for node in rule['nodes']][:3]}"
