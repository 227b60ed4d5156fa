"""Every page that people see can be used without a mouse and by ear: axe-core finds nothing on any of them."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from browser.accessibility import findings
from browser.clerks import enter
from browser.visits import Visit
from commands.admin_user import make_admin_user, new_password
from driver.problem_types import problems
from driver.shop import Shop, unique
from stack.places import ERRORS_PAGE
from stack.stack import Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

NAME, PASSWORD = "anna", new_password()
ADMIN_PAGES = {
    "products": [
        "",
        "products/product/",
        "products/product/?q=lamp",
        "products/product/add/",
        "products/product/{product}/change/",
        "products/product/{product}/history/",
        "inventory/stockadjustment/",
        "inventory/stockadjustment/add/",
        "inventory/reservation/",
        "auth/user/",
        "auth/user/add/",
        "auth/user/1/change/",
        "auth/group/add/",
        "no/such/page/",
        "admin/logentry/",
        "password_change/",
    ],
    "orders": ["", "no/such/page/", "orders/order/", "orders/order/{order}/change/", "auth/user/", "admin/logentry/"],
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop whose admins run too, and have a user."""
    if "E2E_PUBLIC_URL" in os.environ:
        pytest.skip("needs a stack of its own; the tests were pointed at one that runs elsewhere")
    with Stack(admin=True, data=tmp_path_factory.mktemp("shop")) as running:
        make_admin_user(data=running.data, shop="local", name=NAME, password=PASSWORD)
        yield running


@pytest.fixture(scope="module")
def shop(stack: Stack) -> Iterator[Shop]:
    opened = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
    yield opened
    opened.close()


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


@pytest.mark.parametrize("admin", ADMIN_PAGES)
def test_an_admin(visit: Visit, shop: Shop, admin: str) -> None:
    clerk, customer = shop.actor("staff", "clerk"), shop.actor("customer", "alice")
    product = clerk.create_product(name=unique("Desk lamp"), stock_quantity=10).json()["id"]
    order = customer.place_order(product_id=product, quantity=1).json()["id"]
    visit.page.goto(f"{shop.internal_url}/admin/{admin}/")
    found = {"login": findings(visit.page)}

    enter(visit.page, shop, admin, name=NAME, password=PASSWORD)
    for path in ADMIN_PAGES[admin]:
        visit.page.goto(f"{shop.internal_url}/admin/{admin}/{path.format(product=product, order=order)}")
        found[path] = findings(visit.page)

    assert {path: each for path, each in found.items() if each} == {}
