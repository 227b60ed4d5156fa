"""Mutants of product_service."""

from chaos.mutants.mutant import Edit, Mutant
from chaos.mutants.shorter_waits import SHORTER_WAITS

RESERVATIONS = "product_service/inventory/models/reservations.py"
INVENTORY = "product_service/inventory/services.py"
CATALOGUE = "product_service/catalogue/services.py"
PRODUCT = "product_service/products/models.py"

HELD_WRONG = frozenset({"reserved-not-desired", "reserved-below-desired", "revision-not-stored"})
STOCK_WRONG = frozenset({"stock-not-conserved", "oversold", "adjustment-lost-or-doubled"})

ADVANCE = """\
        more = desired.quantity - self.quantity
        self.revision = desired.revision
"""
ANSWERED_REVISION = "            revision=self.revision,\n            unit_price"

OF_PRODUCTS = (
    Mutant(
        "no-tombstone",
        "a release that overtakes its reservation is acknowledged, and not stored",
        (
            *SHORTER_WAITS,
            Edit(
                RESERVATIONS,
                ADVANCE,
                "        if self.revision == 0 and desired.quantity == 0:\n            return Outcome.RELEASED\n"
                + ADVANCE,
            ),
            Edit(RESERVATIONS, ANSWERED_REVISION, ANSWERED_REVISION.replace("self.revision", "desired.revision")),
        ),
        HELD_WRONG,
        often=("sigstop",),
    ),
    Mutant(
        "no-revision",
        "the last message counts, however old it is",
        (
            *SHORTER_WAITS,
            Edit(RESERVATIONS, "        if desired.revision < self.revision:", "        if False:"),
            Edit(RESERVATIONS, "        elif desired.revision > self.revision:", "        elif desired.revision:"),
            Edit(RESERVATIONS, "        if desired.revision == self.revision:", "        if False:"),
            Edit(RESERVATIONS, "            desired.revision > self.revision\n", "            desired.revision > 0\n"),
            Edit(INVENTORY, "if item.revision > rows[item.id].revision]", "if item.revision]"),
        ),
        HELD_WRONG,
        often=("replay", "sigstop"),
    ),
    Mutant(
        "reservations-expire",
        "reservations expire after three seconds, even those of live orders",
        (
            Edit(
                INVENTORY,
                "    rows = Reservation.objects.claim(desired)\n",
                "    rows = Reservation.objects.claim(desired)\n    _expire()\n",
            ),
            Edit(
                INVENTORY,
                "@transaction.atomic(durable=True)\ndef adjust_stock(",
                """\
def _expire() -> None:
    from datetime import timedelta
    from django.db.models import F
    from django.utils import timezone

    old = Reservation.objects.filter(quantity__gt=0, updated_at__lt=timezone.now() - timedelta(seconds=3))
    for row in old.select_for_update(skip_locked=True):
        Product.objects.filter(pk=row.product_id).update(stock_quantity=F("stock_quantity") + row.quantity)
        Reservation.objects.filter(pk=row.pk).update(quantity=0)


@transaction.atomic(durable=True)
def adjust_stock(""",
            ),
        ),
        HELD_WRONG,
    ),
    Mutant(
        "stock-select-then-update",
        "stock is read without a lock and written as a number",
        (
            Edit(
                INVENTORY,
                "    products = Product.objects.lock_many(needed) if needed else {}\n",
                "    products = Product.objects.in_bulk(list(needed))\n",
            ),
            Edit(
                INVENTORY,
                "    Product.objects.take({pk: before - products[pk].stock_quantity "
                "for pk, before in stock_before.items()})\n",
                "    for pk, product in products.items():\n"
                "        Product.objects.filter(pk=pk).update(stock_quantity=product.stock_quantity)\n",
            ),
        ),
        STOCK_WRONG,
    ),
    Mutant(
        "save-of-a-stale-product",
        "an edit saves the whole product as it was read, its stock too",
        (
            Edit(
                CATALOGUE,
                "    product = Product.objects.lock(product_id)\n    if is_as_read",
                "    product = Product.objects.one(product_id)\n    if is_as_read",
            ),
            Edit(
                CATALOGUE,
                "        Product.objects.filter(pk=product_id).update(**edited, updated_at=NOW)\n",
                "        for field, value in edited.items():\n"
                "            setattr(product, field, value)\n"
                "        __import__('time').sleep(0.05)\n"
                "        product.save()\n",
            ),
        ),
        STOCK_WRONG,
    ),
    Mutant(
        "double-release",
        "released units are added to the stock twice",
        (
            Edit(
                RESERVATIONS,
                "        product.stock_quantity -= more\n",
                "        product.stock_quantity -= more if more > 0 else 2 * more\n",
            ),
        ),
        STOCK_WRONG,
    ),
    Mutant(
        "price-remembered",
        "each process keeps using a product's first price",
        (
            Edit(
                RESERVATIONS,
                "            self.unit_price = product.price\n",
                "            self.unit_price = PRICES.setdefault(product.pk, product.price)\n",
            ),
            Edit(RESERVATIONS, "ID = models.UUIDField()\n", "ID = models.UUIDField()\nPRICES = {}\n"),
        ),
        frozenset({"price-never-valid"}),
    ),
    Mutant(
        "more-at-an-old-price",
        "more units of an order are held at its price, whatever the product costs now",
        (Edit(RESERVATIONS, "product.price != self.unit_price:\n", "False:\n"),),
        frozenset({"held-at-an-old-price"}),
    ),
    Mutant(
        "adjustment-key-ignored",
        "a repeated stock adjustment counts again",
        (
            Edit(
                INVENTORY,
                "        idempotency_key=idempotency_key,\n        fingerprint",
                "        idempotency_key=None,\n        fingerprint",
            ),
        ),
        STOCK_WRONG,
        often=("cut-reply",),
    ),
)
