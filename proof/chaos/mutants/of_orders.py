"""Mutants of order_service with mistakes in order placement."""

from chaos.mutants.mutant import Edit, Mutant
from chaos.mutants.of_products import HELD_WRONG
from chaos.mutants.shorter_waits import ABORTED_AT_ONCE, BEGIN, CALLS_END_SOON, STUCK_SOON

CONFIRM = "order_service/orders/confirm.py"
STATEMENTS = "order_service/orders/statements.py"
QUERYSETS = "order_service/orders/querysets.py"
VIEWS = "order_service/orders/views.py"
RECONCILER = "order_service/orders/reconciler.py"

CAME_BACK = frozenset({"not-placed-became-order", "transition-not-allowed"})
UNKNOWN = """\
    if results is None:
        Order.objects.abort([order.pk for order in orders])
"""

OF_PLACEMENT = (
    Mutant(
        "unknown-is-refused",
        "an unknown outcome counts as a refusal, and nothing is released",
        (
            CALLS_END_SOON,
            Edit(
                CONFIRM,
                UNKNOWN,
                "    if results is None:\n"
                "        refused = Failure.PRODUCT_NOT_FOUND\n"
                "        Order.objects.reject([order.pk for order in orders], failure=refused)\n",
            ),
        ),
        HELD_WRONG | {"replay-differs"},
        often=("cut-reply", "blackhole"),
    ),
    Mutant(
        "unconditional-confirm",
        "a held reservation makes an order live, even if it was aborted in the meantime",
        (
            ABORTED_AT_ONCE,
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
        "not-placed-but-not-aborted",
        "the answer 503 is given before the order is aborted",
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
        "a key is answered with its order, whatever the request's body",
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
        "a failed push is never repeated",
        (
            Edit(
                RECONCILER,
                "    rows = Order.objects.due(now).decided().select_for_update(skip_locked=True)",
                "    rows = Order.objects.due(now).decided().filter(attempts=0).select_for_update(skip_locked=True)",
            ),
        ),
        frozenset({"outcome-not-resolved", "reserved-not-desired"}),
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
