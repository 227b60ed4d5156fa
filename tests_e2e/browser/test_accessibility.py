"""Every page of the public listener can be used without a mouse and by ear: axe-core finds nothing on any of them."""

import pytest
from playwright.sync_api import expect

from browser.accessibility import findings
from browser.visits import Visit
from driver.problem_types import problems
from driver.shop import Shop
from stack.places import ERRORS_PAGE

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]


@pytest.mark.parametrize("api", ["products", "orders"])
def test_the_documentation(visit: Visit, shop: Shop, api: str) -> None:
    operation = {"products": "products/create_product", "orders": "orders/place_order"}[api]
    visit.page.goto(f"{shop.public_url}/docs/#/{operation}")
    expect(visit.page.locator(f"#operations-{operation.replace('/', '-')} .opblock-body")).to_be_visible()

    assert findings(visit.page) == []


def test_the_pages_of_the_problem_types(visit: Visit, shop: Shop) -> None:
    paths = ["/problems/", *(f"/problems/{slug}" for slug in problems(ERRORS_PAGE.read_text()))]
    found = {}

    for path in paths:
        visit.page.goto(shop.public_url + path)
        found[path] = findings(visit.page)

    assert {path: each for path, each in found.items() if each} == {}


def test_every_page_of_a_problem_leads_back(visit: Visit, shop: Shop) -> None:
    visit.page.goto(f"{shop.public_url}/problems/not-found")

    visit.page.get_by_role("link", name="All problem types").click()
    expect(visit.page.get_by_role("heading", name="Problem types", exact=True)).to_be_visible()
    visit.page.get_by_role("link", name="The APIs").click()

    expect(visit.page.get_by_role("heading", name="The shop's APIs")).to_be_visible()
