"""The fixtures of a browser and of a visit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browser.visits import Visit, find_browser, running_browser, visiting
from driver.programs import lacking


# Not of the session: while Playwright runs in a thread, nobody else there can have an event loop of asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a window. Where there is no program for it, the test is skipped, or fails where CI=true."""
    program = find_browser() or lacking("no browser was found (apt-get install chromium)")
    with running_browser(program) as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visit with a fresh profile, on an empty page."""
    with visiting(browser) as opened:
        yield opened
