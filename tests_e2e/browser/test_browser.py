"""The browser of the tests records requests to other hosts, errors and warnings."""

from browser.visits import Visit


def test_requests_of_a_page_to_elsewhere_are_blocked_and_recorded(visit: Visit) -> None:
    visit.page.set_content('<img src="http://elsewhere.example/lamp.png">')
    visit.page.wait_for_load_state("networkidle")

    assert visit.from_elsewhere() == ["http://elsewhere.example/lamp.png"]
    assert "no answer: http://elsewhere.example/lamp.png net::ERR_NAME_NOT_RESOLVED" in visit.complaints


def test_errors_warnings_and_exceptions_of_a_page_are_recorded(visit: Visit) -> None:
    script = (
        "console.error(`red`); console.warn(`yellow`); console.log(`grey`); setTimeout(() => { throw Error(`oh`) })"
    )

    with visit.page.expect_event("pageerror"):
        visit.page.set_content(f"<script>{script}</script>")

    assert visit.complaints == ["error: red", "warning: yellow", "exception: oh"]
