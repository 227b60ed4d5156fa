"""Take the screenshots of the documents from a shop that runs: `make screenshots`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, expect

from browser.clerks import enter
from browser.visits import TIMEOUT, find_browser, running_browser
from commands.admin_user import make_admin_user, new_password
from driver.shop import Shop
from stack.stack import Stack

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDTH = 1240
PRODUCTS = {
    "Bookshelf": ("129.00", 14),
    "Desk lamp": ("39.90", 120),
    "Floor lamp": ("84.50", 35),
    "Oak table": ("449.00", 6),
    "Wall clock": ("24.95", 60),
}
NAME = "anna"


def main() -> None:
    """Start a shop with its admins, put something in it, and take all screenshots."""
    program = find_browser()
    if program is None:
        raise SystemExit("No browser was found (apt-get install chromium).")
    password = new_password()
    with TemporaryDirectory() as data, Stack(admin=True, data=Path(data)) as stack:
        make_admin_user(data=stack.data, shop="local", name=NAME, password=password)
        shop = Shop(public_url=stack.public_url, internal_url=stack.internal_url, keys=stack.keys)
        order_id = fill(shop)
        with running_browser(program) as browser:
            take_docs(browser, shop)
            take_admins(browser, shop, password, order_id)
        shop.close()


def fill(shop: Shop) -> int:
    """Make products and a few orders. Return an order that was changed once."""
    clerk, customer = shop.actor("staff", "bob"), shop.actor("customer", "alice")
    ids = {
        name: int(clerk.create_product(name=name, price=price, stock_quantity=units).json()["id"])
        for name, (price, units) in PRODUCTS.items()
    }
    orders = [int(customer.place_order(product_id=ids[name], quantity=2).json()["id"]) for name in sorted(PRODUCTS)]
    customer.cancel_order(orders[0])
    customer.change_order(orders[1], quantity=3)
    return orders[1]


def take_docs(browser: Browser, shop: Shop) -> None:
    with window(browser, height=1040) as page:
        page.goto(f"{shop.public_url}/docs/")
        page.get_by_label("Select a definition").select_option(label="Orders")
        expect(page.locator("#operations-orders-place_order")).to_be_visible()
        shoot(page, "docs")


def take_admins(browser: Browser, shop: Shop, password: str, order_id: int) -> None:
    admin = f"{shop.internal_url}/admin"
    with window(browser, height=560) as page:
        enter(page, shop, "products", name=NAME, password=password)
        page.get_by_role("link", name="Products", exact=True).last.click()
        expect(page.get_by_role("link", name="Desk lamp")).to_be_visible()
        shoot(page, "admin-products")
    with window(browser, height=800) as page:
        enter(page, shop, "orders", name=NAME, password=password)
        page.goto(f"{admin}/orders/orders/order/{order_id}/change/")
        shoot(page, "admin-order")


@contextmanager
def window(browser: Browser, *, height: int) -> Iterator[Page]:
    """Open a window with a fresh profile, in light colours."""
    context = browser.new_context(viewport={"width": WIDTH, "height": height}, color_scheme="light")
    context.set_default_timeout(TIMEOUT)
    try:
        yield context.new_page()
    finally:
        context.close()


def shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
