"""The documentation in a real browser: both APIs to read, and an order placed from the page."""

import json
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from browser.visits import Visit
from driver.contracts import METHODS, contract
from driver.shop import Actor, Shop, unique

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]


def choose(page: Page, api: str) -> None:
    page.get_by_label("Select a definition").select_option(label=api)


def authorize(page: Page, token: str) -> None:
    page.get_by_role("button", name="Authorize").click()
    dialog = page.locator(".dialog-ux")
    dialog.get_by_label("auth-bearer-value").fill(token)
    dialog.get_by_role("button", name="Apply credentials").click()
    dialog.get_by_role("button", name="Close").last.click()


def public_operations(service: str) -> list[tuple[str, str]]:
    return [
        (method, path)
        for path, operations in contract(service)["paths"].items()
        for method in METHODS
        if method.lower() in operations and not path.startswith("/internal/")
    ]


@pytest.mark.parametrize(
    ("api", "service"), [("Products", "product_service"), ("Orders", "order_service")], ids=["products", "orders"]
)
def test_each_api_can_be_chosen_and_shows_all_that_is_public(visit: Visit, shop: Shop, api: str, service: str) -> None:
    visit.page.goto(f"{shop.public_url}/docs/")

    choose(visit.page, api)
    expect(visit.page.get_by_role("heading", name=service)).to_be_visible()

    operations = visit.page.locator(".opblock-summary")
    shown = [
        (each.locator(".opblock-summary-method").inner_text(), each.locator(".opblock-summary-path").inner_text())
        for each in operations.all()
    ]
    assert [(method, path.replace("\u200b", "")) for method, path in shown] == public_operations(service)
    assert visit.page.get_by_label("Select a definition").locator("option").all_inner_texts() == ["Products", "Orders"]


def test_no_lock_is_closed_before_a_token_is_entered(visit: Visit, shop: Shop) -> None:
    visit.page.goto(f"{shop.public_url}/docs/")
    choose(visit.page, "Products")
    locks = visit.page.locator(".opblock-summary .authorization__btn")
    expect(locks.first).to_be_visible()

    assert {lock.get_attribute("aria-label") for lock in locks.all()} == {"authorization button unlocked"}


def test_nothing_comes_from_elsewhere_and_nothing_is_complained_of(visit: Visit, shop: Shop) -> None:
    visit.page.goto(f"{shop.public_url}/docs")
    choose(visit.page, "Orders")
    visit.page.locator("#operations-orders-place_order .opblock-summary-control").click()
    expect(visit.page.get_by_text("order-not-placed").first).to_be_visible()

    assert visit.page.title() == "The shop's APIs"
    assert visit.from_elsewhere() == []
    assert {address.removeprefix(shop.public_url) for address in visit.addresses} >= {
        "/docs/",
        "/docs/swagger-ui-bundle.js",
        "/docs/product_service.yaml",
        "/docs/order_service.yaml",
        "/docs/favicon.svg",
    }
    assert visit.complaints == []


def test_a_customer_places_an_order_from_the_page_with_a_pasted_token(
    visit: Visit, shop: Shop, clerk: Actor, customer: Actor
) -> None:
    product_id = clerk.create_product(name=unique("Lamp"), price="39.90").json()["id"]
    assert customer.token
    visit.page.goto(f"{shop.public_url}/docs/")

    choose(visit.page, "Orders")
    authorize(visit.page, customer.token)
    operation = visit.page.locator("#operations-orders-place_order")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_placeholder("Idempotency-Key").fill(str(uuid4()))
    operation.locator("textarea").fill(json.dumps({"product_id": product_id, "quantity": 3}))
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table")

    expect(answer.locator(".response-col_status").last).to_contain_text("201")
    expect(answer.locator(".response-col_description pre").first).to_contain_text('"total_price": "119.70"')
    (order,) = customer.list_orders().json()["results"]
    assert (order["product_id"], order["quantity"]) == (product_id, 3)
    assert visit.addresses[-1] == f"{shop.public_url}/api/v1/orders/"
    assert visit.complaints == []


def test_a_refusal_is_shown_with_a_link_to_its_problem_page(
    visit: Visit, shop: Shop, clerk: Actor, customer: Actor
) -> None:
    product_id = clerk.create_product(name=unique("Lamp"), stock_quantity=1).json()["id"]
    assert customer.token
    visit.page.goto(f"{shop.public_url}/docs/#/orders/place_order")

    authorize(visit.page, customer.token)
    operation = visit.page.locator("#operations-orders-place_order")
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("textarea").fill(json.dumps({"product_id": product_id, "quantity": 2}))
    operation.get_by_role("button", name="Execute").click()

    answer = operation.locator(".live-responses-table")
    expect(answer.locator(".response-col_status").last).to_contain_text("409")
    expect(answer.locator("pre").first).to_contain_text("/problems/insufficient-stock")
    with visit.page.context.expect_page() as opened:
        operation.get_by_role("link", name="Insufficient stock").click()
    expect(opened.value.get_by_role("heading", name="insufficient-stock")).to_be_visible()


def test_a_token_is_kept_on_the_way_to_the_other_api_and_gone_with_the_page(
    visit: Visit, shop: Shop, customer: Actor
) -> None:
    assert customer.token
    visit.page.goto(f"{shop.public_url}/docs/")

    authorize(visit.page, customer.token)
    choose(visit.page, "Orders")
    listing = visit.page.locator("#operations-orders-list_orders")
    listing.locator(".opblock-summary-control").click()
    listing.get_by_role("button", name="Try it out").click()
    listing.get_by_role("button", name="Execute").click()

    status = listing.locator(".live-responses-table .response-col_status").last
    expect(status).to_contain_text("200")
    assert visit.complaints == []
    assert visit.page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
