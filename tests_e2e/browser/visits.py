"""A real browser without a window, for the pages that people use."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

# Debian's name, then those of other systems. Playwright's own download is not used: it is not on package mirrors.
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL = frozenset({"127.0.0.1", "localhost"})
TIMEOUT = 40_000  # milliseconds for anything to appear, on a busy machine
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    # Requests of a page to other hosts fail, even where there is a network.
    "--host-resolver-rules=" + ", ".join(["MAP * ~NOTFOUND", *(f"EXCLUDE {name}" for name in sorted(LOCAL))]),
]


@dataclass
class Visit:
    """
    A visit: a page in a browser with a fresh profile, and the requests and errors that it recorded.

    :param complaints: what the console shows in red or yellow, uncaught exceptions, and requests that got no answer.
    :param addresses: everything that any page of the visit asked for.
    """

    page: Page
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def from_elsewhere(self) -> list[str]:
        """The addresses on other hosts than this one."""
        return [address for address in self.addresses if urlsplit(address).hostname not in {*LOCAL, None}]


def find_browser() -> str | None:
    """The program to run: BROWSER_PROGRAM, or the first that is installed."""
    return os.environ.get("BROWSER_PROGRAM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def running_browser(program: str) -> Iterator[Browser]:
    """Run a browser with an empty profile, which goes with it."""
    expect.set_options(timeout=TIMEOUT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS, chromium_sandbox=False)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser) -> Iterator[Visit]:
    """Open a window of 1280 by 1024 without cookies or cache, and record its requests and errors."""
    context = browser.new_context(viewport={"width": 1280, "height": 1024}, service_workers="block")
    context.set_default_timeout(TIMEOUT)
    visit = Visit(context.new_page())

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            visit.complaints.append(f"{message.type}: {message.text}")

    def on_failure(request: Request) -> None:
        visit.complaints.append(f"no answer: {request.url} {request.failure}")

    context.on("console", on_console)
    context.on("weberror", lambda error: visit.complaints.append(f"exception: {error.error}"))
    context.on("request", lambda request: visit.addresses.append(request.url))
    context.on("requestfailed", on_failure)
    try:
        yield visit
    finally:
        context.close()
