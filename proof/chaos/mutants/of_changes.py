"""Mutants of order_service with mistakes in changes and cancels."""

from chaos.mutants.mutant import Edit, Mutant
from chaos.mutants.of_orders import QUERYSETS
from chaos.mutants.of_products import HELD_WRONG

SERVICES = "order_service/orders/services.py"
EVENTS = "order_service/orders/events.py"
INITIAL = "order_service/orders/migrations/0001_initial.py"

SETTLE = "    return Order.objects.settle(order, quantity=quantity, status=status, cause=cause)\n"
UNSETTLED = '            values |= {"target_quantity": None, "revision": order.revision + 1'
PAUSE = "        time.sleep(1)\n"  # so that samples show a state that otherwise lasts a millisecond
ANSWERED = "    if results is None:\n"
CHANGED_WRONG = frozenset({"transition-not-allowed", "quantity-never-requested"})

OF_CHANGES = (
    Mutant(
        "keys-by-the-host-clock",
        "the reconciler forgets keys by the clock of its host",
        (
            Edit(
                QUERYSETS,
                "        old = self.older_than(after, now=now)",
                "        from datetime import UTC\n\n        old = self.older_than(after, now=datetime.now(UTC))",
            ),
        ),
        frozenset({"key-forgotten-early", "key-with-two-orders", "replay-differs", "acknowledged-order-differs"}),
        seed=3,  # it draws a reconciler that is 800 hours fast in its first storm
        often=("clock-shift",),
    ),
    Mutant(
        "cancel-without-event",
        "a cancel is not recorded among the order's events",
        (
            Edit(
                QUERYSETS,
                "            OrderEvent.objects.record(order, changed, cause=cause, kind=kind)\n",
                '            if changed.status != "canceled":\n'
                "                OrderEvent.objects.record(order, changed, cause=cause, kind=kind)\n",
            ),
        ),
        frozenset({"event-missing"}),
    ),
    Mutant(
        "feed-by-id",
        "readers of the feed go on after the largest id that they have seen",
        (
            Edit(
                EVENTS,
                "        return self.filter(transaction__lt=FirstUndecided()).order_by(*self.FEED)\n",
                '        return self.order_by("id")\n',
            ),
            Edit(
                EVENTS,
                "        return self.filter(transaction__gte=transaction).filter(later)\n",
                "        return self.filter(pk__gt=event_id)\n",
            ),
        ),
        frozenset({"event-missing"}),
        often=("latency", "sigstop", "lock"),
    ),
    Mutant(
        "release-before-the-cancel",
        "units are released before the cancel is recorded",
        (
            Edit(
                SERVICES,
                SETTLE,
                "    if status == Status.CANCELED:\n"
                "        reserve([(order.with_target(quantity), 0)], deadline=deadline)\n" + PAUSE + SETTLE,
            ),
        ),
        HELD_WRONG,
    ),
    Mutant(
        "release-before-the-decrease",
        "units are released before the smaller quantity is recorded",
        (
            Edit(
                SERVICES,
                SETTLE,
                "    if quantity < order.quantity:\n"
                "        reserve([(order.with_target(quantity), quantity)], deadline=deadline)\n" + PAUSE + SETTLE,
            ),
        ),
        HELD_WRONG,
    ),
    Mutant(
        "increase-before-the-reservation",
        "a larger quantity is recorded before its units are held",
        (Edit(SERVICES, "    if quantity > order.quantity and status != Status.CANCELED:\n", "    if False:\n"),),
        HELD_WRONG,
    ),
    Mutant(
        "cancel-releases-nothing",
        "a canceled order keeps its units",
        (
            Edit(
                QUERYSETS,
                "        if changed.desired_quantity != order.desired_quantity or",
                "        if changed.quantity != order.quantity or",
            ),
        ),
        HELD_WRONG,
    ),
    Mutant(
        "cancel-waits-for-products",
        "an order can only be canceled while product_service answers",
        (
            Edit(
                SERVICES,
                SETTLE,
                "    if status == Status.CANCELED:\n"
                "        from orders import products\n"
                "        try:\n"
                "            products.client().get_product(order.product_id, deadline=deadline)\n"
                "        except Exception:\n"
                "            raise errors.OrderNotChanged from None\n" + SETTLE,
            ),
        ),
        frozenset({"outage-stopped-orders"}),
        seconds=48,
    ),
    Mutant(
        "shipping-during-an-increase",
        "an order is shipped during an increase, and the increase does not notice",
        (
            Edit(SERVICES, ANSWERED, "    time.sleep(2)\n" + ANSWERED),
            Edit(
                SERVICES,
                "    if order.target_quantity is not None and status != Status.CANCELED:\n"
                "        raise errors.OrderBusy\n",
                "",
            ),
            Edit(QUERYSETS, " or order.target_quantity is not None:\n" + UNSETTLED, ":\n" + UNSETTLED),
            Edit(QUERYSETS, "            status=order.status,\n            quantity=order.quantity,\n", ""),
            Edit(
                INITIAL,
                '                                ("status", "pending"),\n'
                '                                ("target_quantity__gt", models.F("quantity")),\n',
                "",
            ),
        ),
        CHANGED_WRONG | HELD_WRONG,
    ),
)
