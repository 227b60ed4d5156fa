"""The admins in a real browser: a clerk adjusts stock, ships an order, and sees why an action is refused."""

import os
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Request, expect

from browser.accessibility import findings
from browser.clerks import enter
from browser.visits import Visit
from commands.admin_user import make_admin_user, new_password
from driver.shop import Actor, Shop, unique
from stack.errors import StackError
from stack.stack import Stack

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

NAME, PASSWORD = "anna", new_password()
PAGES = {
    "products": [
        *("", "products/product/", "products/product/?q=lamp", "products/product/add/"),
        *("products/product/{product}/change/", "products/product/{product}/history/"),
        *("inventory/stockadjustment/", "inventory/stockadjustment/add/", "inventory/reservation/"),
        *("auth/user/", "auth/user/add/", "auth/user/1/change/", "auth/group/add/", "no/such/page/"),
        *("admin/logentry/", "password_change/"),
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


@pytest.fixture(scope="module")
def product_id(shop: Shop) -> int:
    clerk = shop.actor("staff", "clerk")
    return int(clerk.create_product(name=unique("Desk lamp"), stock_quantity=10).json()["id"])


def is_search(request: Request) -> bool:
    return "/autocomplete/" in request.url


def place(customer: Actor, product_id: int) -> int:
    return int(customer.place_order(product_id=product_id, quantity=1).json()["id"])


def test_a_clerk_finds_a_product_edits_it_and_adjusts_its_stock(visit: Visit, shop: Shop) -> None:
    page, name = visit.page, unique("Floor lamp")
    made = shop.actor("staff", "clerk").create_product(name=name, price="10.00", stock_quantity=10).json()
    enter(page, shop, "products", name=NAME, password=PASSWORD)

    page.get_by_role("link", name="Products", exact=True).last.click()
    page.locator("#searchbar").fill(name.upper())
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=name).click()
    page.get_by_label("Price").fill("12.50")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("was changed successfully")
    page.get_by_role("link", name="Adjust stock").click()
    page.get_by_label("Units").fill("-3")
    page.get_by_label("Reason").fill("broken")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".messagelist")).to_contain_text(f"{name}: -3, 7 in stock now.")
    product = shop.actor("customer", "alice").get_product(made["id"]).json()
    assert (product["price"], product["stock_quantity"]) == ("12.50", 7)
    assert (visit.complaints, visit.from_elsewhere()) == ([], [])


def test_an_impossible_adjustment_shows_an_error_and_products_are_chosen_by_name(
    visit: Visit, shop: Shop, product_id: int
) -> None:
    page = visit.page
    name = shop.anonymous().get_product(product_id).json()["name"]
    enter(page, shop, "products", name=NAME, password=PASSWORD)

    page.goto(f"{shop.internal_url}/admin/products/inventory/stockadjustment/add/")
    with page.expect_request_finished(is_search):  # what is typed before would end it unanswered
        page.get_by_role("combobox").click()
    with page.expect_request_finished(is_search):
        page.locator(".select2-search__field").fill(name)
    page.get_by_role("option", name=name).click()
    page.get_by_label("Units").fill("-5000")
    page.get_by_label("Reason").fill("recount")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".errornote + .errorlist")).to_contain_text("5000 units cannot be taken:")
    assert (visit.complaints, visit.from_elsewhere()) == ([], [])


def test_a_clerk_ships_an_order_and_sees_that_it_can_no_longer_be_canceled(
    visit: Visit, shop: Shop, customer: Actor, product_id: int
) -> None:
    page, order_id = visit.page, place(customer, product_id)
    enter(page, shop, "orders", name=NAME, password=PASSWORD)

    page.goto(f"{shop.internal_url}/admin/orders/orders/order/{order_id}/change/")
    page.get_by_role("button", name="Ship").first.click()
    expect(page.locator(".messagelist")).to_contain_text(f"Order {order_id}: shipped.")
    page.goto(f"{shop.internal_url}/admin/orders/orders/order/?q={customer.subject}")
    page.locator("input.action-select").check()
    page.get_by_label("Action:").select_option("cancel")
    page.get_by_role("button", name="Go").click()

    refusal = f"Order {order_id}: A shipped order cannot become canceled."
    expect(page.locator(".messagelist .error")).to_have_text(refusal)
    assert customer.get_order(order_id).json()["status"] == "shipped"
    assert (visit.complaints, visit.from_elsewhere()) == ([], [])


def test_canceling_an_order_as_a_clerk_releases_its_stock(
    visit: Visit, shop: Shop, customer: Actor, product_id: int
) -> None:
    page, order_id = visit.page, place(customer, product_id)
    enter(page, shop, "orders", name=NAME, password=PASSWORD)

    page.goto(f"{shop.internal_url}/admin/orders/orders/order/{order_id}/change/")
    page.get_by_role("button", name="Cancel").first.click()

    expect(page.locator(".messagelist")).to_contain_text(f"Order {order_id}: canceled.")
    assert customer.get_order(order_id).json()["status"] == "canceled"


def test_logging_in_to_one_admin_keeps_the_login_of_the_other(visit: Visit, shop: Shop) -> None:
    enter(visit.page, shop, "products", name=NAME, password=PASSWORD)
    enter(visit.page, shop, "orders", name=NAME, password=PASSWORD)

    visit.page.goto(f"{shop.internal_url}/admin/products/")

    expect(visit.page).to_have_title(re.compile("What is sold"))


def test_each_admin_leads_to_the_other(visit: Visit, shop: Shop) -> None:
    enter(visit.page, shop, "orders", name=NAME, password=PASSWORD)
    enter(visit.page, shop, "products", name=NAME, password=PASSWORD)

    visit.page.locator("#user-tools").get_by_role("link", name="Orders").click()
    expect(visit.page).to_have_url(f"{shop.internal_url}/admin/orders/")
    visit.page.locator("#user-tools").get_by_role("link", name="Products").click()

    expect(visit.page).to_have_url(f"{shop.internal_url}/admin/products/")


def test_no_page_loads_anything_from_elsewhere_or_logs_an_error(visit: Visit, shop: Shop) -> None:
    pages = {
        "products": ["", "products/product/", "products/product/add/", "inventory/reservation/", "auth/user/add/"],
        "orders": ["", "orders/order/", "admin/logentry/", "auth/user/", "password_change/"],
    }

    for admin, paths in pages.items():
        enter(visit.page, shop, admin, name=NAME, password=PASSWORD)
        for path in paths:
            visit.page.goto(f"{shop.internal_url}/admin/{admin}/{path}")

    assert (visit.complaints, visit.from_elsewhere()) == ([], [])


def test_a_user_is_made_once_and_a_second_try_explains_how_to_change_the_password(stack: Stack) -> None:
    with pytest.raises(StackError, match=rf"has a user {NAME} already(.|\n)*changepassword {NAME}"):
        make_admin_user(data=stack.data, shop="local", name=NAME, password=new_password())


def test_the_public_listener_serves_no_admin(shop: Shop) -> None:
    answers = [httpx.get(f"{shop.public_url}/admin/{path}").status_code for path in ("", "products/", "orders/login/")]

    assert answers == [404, 404, 404]


@pytest.mark.parametrize("admin", PAGES)
def test_every_page_can_be_used_without_a_mouse_and_by_ear(
    visit: Visit, shop: Shop, product_id: int, admin: str
) -> None:
    order_id = place(shop.actor("customer", "alice"), product_id)
    visit.page.goto(f"{shop.internal_url}/admin/{admin}/")
    found = {"login": findings(visit.page)}

    enter(visit.page, shop, admin, name=NAME, password=PASSWORD)
    for path in PAGES[admin]:
        visit.page.goto(f"{shop.internal_url}/admin/{admin}/{path.format(product=product_id, order=order_id)}")
        found[path] = findings(visit.page)

    assert {path: each for path, each in found.items() if each} == {}
