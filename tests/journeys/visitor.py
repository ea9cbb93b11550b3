"""Somebody with a browser: goes from page to page, and each page is looked at."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
)

PHONE = (360, 640)
DESK = (1280, 900)
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
ASK_AXE = "options => axe.run(options).then(({violations}) => ({violations}))"
SHOTS = os.environ.get("PROGRAMME_JOURNEY_SHOTS")
"""A folder to keep a picture of every page in, at both widths."""
HARMLESS = ("status of 422", "net::ERR_NAME_NOT_RESOLVED")
"""A form that was refused; and that no other host can be reached from here."""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """One person's browser on one device. `close` fails for what went wrong unseen."""

    def __init__(
        self, browser: Browser, url: str, *, size: tuple[int, int], scripts: bool, story: str
    ) -> None:
        self.url, self.size, self.scripts, self.story = url, size, scripts, story
        self.context: BrowserContext = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            base_url=url,
            locale="en-GB",
            timezone_id="Europe/London",
            accept_downloads=True,
        )
        self.context.set_default_timeout(30_000)
        self.context.on("request", self._note_request)
        self.context.on("response", self._note_response)
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.expected_elsewhere: tuple[str, ...] = ()
        self.complaints: list[str] = []
        self.answers: list[Response] = []

    def sign_in(self, role: str) -> None:
        """Press a role's button on the demonstration's first page."""
        self.go("/sign-in")
        self.page.get_by_role("button", name=re.compile(rf"\b{role}\b")).click()
        expect(self.page).to_have_url(f"{self.url}/")

    def go(self, path: str) -> None:
        answer = self.page.goto(path if path.startswith("http") else self.url + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press a button by its words (its beginning will do)."""
        where = within or self.page
        where.get_by_role("button", name=re.compile(f"^{re.escape(name)}")).first.click()

    def follow(self, name: str, *, within: Locator | None = None) -> None:
        """Follow a link by its words (their beginning will do)."""
        where = within or self.page
        where.get_by_role("link", name=re.compile(f"^{re.escape(name)}")).first.click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def look(self, name: str) -> None:
        """Check the page that is open: its HTML, its width on a phone, and who can use it."""
        self._parse()
        self._fits(name)
        if self.scripts:
            self._is_accessible(name)

    def close(self) -> None:
        """Put the device away; fails for what went wrong without being seen."""
        self.context.close()
        asked = [url for url in self.elsewhere if not url.startswith(self.expected_elsewhere)]
        assert not asked, f"Asked another host: {asked}"
        assert not self.complaints, self.complaints

    def _parse(self) -> None:
        last = next((a for a in reversed(self.answers) if a.url == _bare(self.page.url)), None)
        if last is not None:
            html5lib.HTMLParser(strict=True).parse(last.text())

    def _fits(self, name: str) -> None:
        self.page.set_viewport_size({"width": 360, "height": 740})
        wider = self.page.evaluate(TOO_WIDE)
        self._keep(name, 360)
        if SHOTS:
            self.page.set_viewport_size({"width": 1280, "height": 900})
            self._keep(name, 1280)
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})
        assert wider <= 0, f"{name} is {wider} px wider than a phone ({self.page.url})"

    def _keep(self, name: str, width: int) -> None:
        if SHOTS:
            path = Path(SHOTS) / f"{self.story}-{name}-{width}.png"
            self.page.screenshot(path=path, full_page=True)

    def _is_accessible(self, name: str) -> None:
        self.page.evaluate(AXE_SCRIPT)
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = AxeResults(self.page.evaluate(ASK_AXE, options))
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    def _note_request(self, request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != self.host:
            self.elsewhere.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status != 303:
            self.answers.append(response)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in HARMLESS):
            self.complaints.append(f"{self.page.url}: {message.text}")

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def _bare(url: str) -> str:
    return url.split("#")[0]
