"""Orders in the admin: searching, viewing, and changing their status."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from orders.models import Order
from orders.states import Placement, Status
from products_stand_in.api import FakeProductsApi
from service_kit.testing.admin_pages import html_of, messages_of, text_of
from tests.checks import agrees, reconcile
from tests.factories import increasing_order, live_order, order_in, place, placing_order, read

ADMIN = "/admin/orders/"
LIST = f"{ADMIN}orders/order/"
ACTIONS = {Status.SHIPPED: "ship", Status.DELIVERED: "deliver", Status.CANCELED: "cancel"}


def page_of(order: Order) -> str:
    return f"{LIST}{order.pk}/change/"


def do(clerk: Client, action: str, *orders: Order) -> list[str]:
    """Select orders in the list and run an action. Return the messages of the next page."""
    chosen = {"action": action, "_selected_action": [order.pk for order in orders], "index": "0"}
    return messages_of(clerk.post(LIST, chosen, follow=True))


def columns(order: Order) -> dict[str, object]:
    return dict(Order.objects.values().get(pk=order.pk))


def test_an_order_is_found_by_its_id_its_product_its_owner_and_its_status(anna: Client) -> None:
    wanted = live_order(owner="alice", product_id=4711, product_name="Desk lamp", status=Status.SHIPPED)
    live_order(owner="bob", product_id=4712, product_name="Chair")

    searches = [*({"q": term} for term in (str(wanted.pk), "4711", "alice")), {"status__exact": "shipped"}]
    pages = [text_of(anna.get(LIST, search)) for search in searches]

    assert [("Desk lamp" in page, "Chair" in page) for page in pages] == [(True, False)] * 4


@pytest.mark.parametrize("term", ["9" * 30, "-1", "nobody"])
def test_a_search_without_a_match_shows_no_orders(anna: Client, term: str) -> None:
    live_order()

    assert "0 orders" in text_of(anna.get(LIST, {"q": term}))


def test_every_page_leads_to_the_admin_of_products(anna: Client) -> None:
    pages = [html_of(anna.get(path)) for path in (ADMIN, LIST)]

    assert ['<a href="/admin/products/">Products</a>' in page for page in pages] == [True, True]


def test_only_live_orders_are_shown(anna: Client) -> None:
    placing = placing_order(1)
    placing_order(1, placement=Placement.FAILED, failure="aborted")

    assert "0 orders" in text_of(anna.get(LIST))
    assert anna.get(page_of(placing)).status_code == 302


def test_the_page_shows_price_and_snapshot_as_read_only(anna: Client) -> None:
    order = live_order(quantity=3)

    page = anna.get(page_of(order))

    assert all(text in text_of(page) for text in ("Desk lamp", "19.90", "59.70", str(order.reservation_id)))
    assert f"Created at: {order.created_at:%Y-%m-%d %H:%M:%S} UTC" in text_of(page)
    assert 'type="text"' not in page.content.decode()


@pytest.mark.parametrize("origin", Status)
@pytest.mark.parametrize(("goal", "action"), ACTIONS.items(), ids=ACTIONS.values())
def test_an_action_does_what_the_service_allows_and_says_what_it_refuses(
    anna: Client, products: FakeProductsApi, lamp: int, origin: Status, goal: Status, action: str
) -> None:
    order = order_in(origin, lamp)
    before = columns(order)
    allowed = (origin, goal) in {("pending", "shipped"), ("pending", "canceled"), ("shipped", "delivered")}

    shown = do(anna, action, order)

    if allowed or origin == goal:
        assert shown == [f"1 of 1 selected: {goal}."]
        assert read(order).status == goal
    else:
        assert shown == [f"Order {order.pk}: A {origin} order cannot become {goal}."]
        assert columns(order) == before
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == (
        [f"Changed status to {goal}."] if allowed else []
    )
    reconcile()
    assert agrees(products, lamp)


def test_each_selected_order_is_changed_or_refused_by_itself(anna: Client, lamp: int) -> None:
    pending, shipped = place(lamp), order_in(Status.SHIPPED, lamp)

    shown = do(anna, "cancel", pending, shipped)

    assert sorted(shown) == [
        "1 of 2 selected: canceled.",
        f"Order {shipped.pk}: A shipped order cannot become canceled.",
    ]
    assert [read(order).status for order in (pending, shipped)] == ["canceled", "shipped"]


@pytest.mark.django_db(transaction=True)  # the service's own
def test_the_history_shows_who_changed_an_order(anna: Client, lamp: int) -> None:
    order = place(lamp)

    do(anna, "ship", order)

    entry = LogEntry.objects.get()
    assert (str(entry.user), entry.object_id, entry.object_repr) == ("anna", str(order.pk), f"order {order.pk}")
    assert "Changed status to shipped." in text_of(anna.get(f"{LIST}{order.pk}/history/"))


def test_an_order_is_not_shipped_during_an_increase(anna: Client, lamp: int) -> None:
    order = increasing_order(lamp)

    shown = do(anna, "ship", order)

    assert shown == [f"Order {order.pk}: Another change of this order is under way."]
    assert read(order).status == "pending"


def test_more_than_100_orders_are_not_changed_at_once(anna: Client) -> None:
    orders = [live_order() for _ in range(101)]

    shown = do(anna, "ship", *orders)

    assert shown == ["At most 100 orders can be changed at once; none was changed."]
    assert not Order.objects.exclude(status=Status.PENDING).exists()


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        *((Status.PENDING, ["Ship", "Cancel"]), (Status.SHIPPED, ["Deliver"])),
        *((status, []) for status in (Status.DELIVERED, Status.CANCELED)),
    ],
)
def test_the_page_offers_the_allowed_transitions(anna: Client, status: Status, buttons: list[str]) -> None:
    page = anna.get(page_of(live_order(status=status)))

    assert [verb for verb, _ in page.context["moves"]] == buttons


@pytest.mark.django_db(transaction=True)  # the service's own
@pytest.mark.parametrize(
    ("button", "shown"),
    [({"_shipped": "Ship"}, "shipped."), ({"_canceled": "Cancel"}, "A shipped order cannot become canceled.")],
    ids=["a change", "of an outdated page"],
)
def test_a_button_changes_the_order_or_says_why_not(
    anna: Client, lamp: int, button: dict[str, str], shown: str
) -> None:
    order = place(lamp) if "_shipped" in button else order_in(Status.SHIPPED, lamp)

    response = anna.post(page_of(order), button, follow=True)

    assert messages_of(response) == [f"Order {order.pk}: {shown}"]
    assert response.redirect_chain == [(page_of(order), 302)]
    assert read(order).status == "shipped"


@pytest.mark.parametrize(
    "form", [{}, {"_pending": ""}, {"_shipped": "", "_canceled": ""}, {"quantity": "1", "status": "shipped"}]
)
def test_no_other_form_changes_an_order(anna: Client, form: dict[str, str]) -> None:
    order = live_order()
    before = columns(order)

    answer = anna.post(page_of(order), form)

    assert (answer.status_code, columns(order)) == (403, before)


def test_no_order_is_added_and_none_deleted(anna: Client) -> None:
    order = live_order()

    answers = [anna.get(f"{LIST}add/"), anna.post(f"{LIST}{order.pk}/delete/", {"post": "yes"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "delete_selected" not in anna.get(LIST).content.decode()
    assert Order.objects.exists()


def test_a_user_who_may_only_view_orders_cannot_change_one(trainee: Client) -> None:
    order = live_order()

    page = trainee.get(page_of(order))
    do(trainee, "ship", order)
    answer = trainee.post(page_of(order), {"_shipped": "Ship"})

    assert (page.status_code, page.context["moves"], answer.status_code) == (200, [], 403)
    assert read(order).status == "pending"
