"""Clerks, as they log in to an admin."""

from playwright.sync_api import Page, expect

from driver.shop import Shop


def enter(page: Page, shop: Shop, admin: str, *, name: str, password: str) -> None:
    """Log in to the admin of products or of orders."""
    page.goto(f"{shop.internal_url}/admin/{admin}/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#user-tools")).to_contain_text(name)
    page.wait_for_load_state()  # or its last pictures would be given up with the page, and be counted as unanswered
