"""Mutants of order_service that get placing wrong."""

from chaos.mutants.hurry import BEGIN, CALLS_END_SOON, GIVEN_UP_AT_ONCE, STUCK_SOON
from chaos.mutants.mutant import Edit, Mutant
from chaos.mutants.of_products import HELD_WRONG

CONFIRM = "order_service/orders/confirm.py"
STATEMENTS = "order_service/orders/statements.py"
QUERYSETS = "order_service/orders/querysets.py"
VIEWS = "order_service/orders/views.py"
RECONCILER = "order_service/orders/reconciler.py"

CAME_BACK = frozenset({"not-placed-became-order", "status-against-arrows"})
UNKNOWN = """\
    if results is None:
        Order.objects.abort([order.pk for order in orders], now=now)
"""

OF_PLACING = (
    Mutant(
        "unknown-is-refused",
        "no answer counts as a refusal, and nothing is given back",
        (
            CALLS_END_SOON,
            Edit(
                CONFIRM,
                UNKNOWN,
                "    if results is None:\n"
                "        refused = Failure.PRODUCT_NOT_FOUND\n"
                "        Order.objects.reject([order.pk for order in orders], failure=refused, now=now)\n",
            ),
        ),
        HELD_WRONG | {"replay-differs"},
        often=("cut-reply", "blackhole"),
    ),
    Mutant(
        "unconditional-t3",
        "what is held makes an order live, whatever has become of it meanwhile",
        (
            GIVEN_UP_AT_ONCE,
            Edit(STATEMENTS, " AND placement = 'placing' AND revision = 1\n", "\n"),
            Edit(
                STATEMENTS,
                "synced_revision = 1, next_sync_at = NULL",
                "synced_revision = revision, next_sync_at = NULL",
            ),
        ),
        CAME_BACK | HELD_WRONG,
        often=("sigstop", "blackhole", "latency"),
    ),
    Mutant(
        "not-placed-but-not-given-up",
        "the answer 503 is given before anybody has decided",
        (
            CALLS_END_SOON,
            STUCK_SOON,
            Edit(
                CONFIRM,
                UNKNOWN,
                "    if results is None:\n"
                "        from orders.errors import OrderNotPlaced\n"
                "        return {order.reservation_id: OrderNotPlaced() for order in orders}\n",
            ),
        ),
        CAME_BACK,
        often=("cut-reply", "blackhole"),
    ),
    Mutant(
        "no-idempotency-key",
        "a repeated request is a new order",
        (Edit(VIEWS, "idempotency_key=idempotency_key(request), **body", "idempotency_key=None, **body"),),
        frozenset({"key-with-two-orders", "order-without-request", "replay-differs", "acknowledged-order-differs"}),
    ),
    Mutant(
        "key-answers-any-body",
        "a key is answered with its order, whatever is asked for with it now",
        (
            Edit(
                BEGIN,
                "    if not draft.matches(order):\n        return errors.IdempotencyKeyReused()\n",
                "",
            ),
        ),
        frozenset({"key-answered-for-another-body", "acknowledged-order-differs"}),
    ),
    Mutant(
        "reconciler-gives-up",
        "what could not be pushed at once is never pushed again",
        (
            Edit(
                RECONCILER,
                "    rows = Order.objects.due(now).decided().select_for_update(skip_locked=True)",
                "    rows = Order.objects.due(now).decided().filter(attempts=0).select_for_update(skip_locked=True)",
            ),
        ),
        frozenset({"doubt-not-resolved", "reserved-not-desired"}),
        often=("refuse", "blackhole"),
    ),
    Mutant(
        "unanswered-push-is-synced",
        "a push without an answer counts as acknowledged",
        (
            Edit(
                RECONCILER,
                '            metrics.PUSHED.labels("unknown").inc(len(claimed))\n',
                "            for order in claimed:\n                Order.objects.acknowledge(order)\n",
            ),
        ),
        HELD_WRONG,
        often=("blackhole", "refuse"),
    ),
)
