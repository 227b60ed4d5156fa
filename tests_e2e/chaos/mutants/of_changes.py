"""Mutants of order_service that get changing and canceling wrong."""

from chaos.mutants.hurry import HURRY
from chaos.mutants.mutant import Edit, Mutant
from chaos.mutants.of_orders import QUERYSETS
from chaos.mutants.of_products import HELD_WRONG

SERVICES = "order_service/orders/services.py"
INITIAL = "order_service/orders/migrations/0001_initial.py"

SETTLE = "    return Order.objects.settle(order, quantity=quantity, status=status, now=timezone.now())\n"
UNSETTLED = '            moved |= {"target_quantity": None, "revision": order.revision + 1'
MOVED_WRONG = frozenset({"status-against-arrows", "quantity-never-asked-for"})

OF_CHANGES = (
    Mutant(
        "release-before-the-cancel",
        "units are given back before the cancel is recorded",
        (
            *HURRY,
            Edit(
                SERVICES,
                SETTLE,
                "    if status == Status.CANCELED:\n"
                "        _ask(order.asking_for(quantity), quantity=0, deadline=deadline)\n" + SETTLE,
            ),
        ),
        HELD_WRONG,
        often=("lock",),
    ),
    Mutant(
        "decrease-asked-first",
        "units are given back before the smaller quantity is recorded",
        (
            *HURRY,
            Edit(
                SERVICES,
                SETTLE,
                "    if quantity < order.quantity:\n"
                "        _ask(order.asking_for(quantity), quantity=quantity, deadline=deadline)\n" + SETTLE,
            ),
        ),
        HELD_WRONG,
        often=("lock",),
    ),
    Mutant(
        "increase-promised-first",
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
                "        needed = 0 if status == Status.CANCELED else quantity\n",
                "        needed = quantity\n",
            ),
        ),
        HELD_WRONG,
    ),
    Mutant(
        "cancel-waits-for-products",
        "an order can only be canceled when product_service answers",
        (
            Edit(
                SERVICES,
                SETTLE,
                "    if status == Status.CANCELED:\n"
                "        try:\n"
                "            clients.products().get_product(order.product_id, deadline=deadline)\n"
                "        except Exception:\n"
                "            raise errors.OrderNotChanged from None\n" + SETTLE,
            ),
        ),
        frozenset({"outage-stopped-orders"}),
        seconds=48,
    ),
    Mutant(
        "shipping-during-an-increase",
        "an order is shipped while more units are asked for, and the increase does not notice",
        (
            *HURRY,
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
        MOVED_WRONG | HELD_WRONG,
        often=("latency", "blackhole"),
    ),
    Mutant(
        "changes-unconditionally",
        "a change is written over whatever the order has become since it was read",
        (
            *HURRY,
            Edit(
                QUERYSETS,
                "            status=order.status,\n"
                "            quantity=order.quantity,\n"
                "            target_quantity=order.target_quantity,\n"
                "            revision=order.revision,\n        )\n\n    # ---- reconciling",
                "        )\n\n    # ---- reconciling",
            ),
        ),
        MOVED_WRONG | HELD_WRONG | {"acknowledged-order-differs", "undocumented-answer"},
        often=("latency", "blackhole"),
    ),
)
