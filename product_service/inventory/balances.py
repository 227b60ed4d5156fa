"""The balance of each product: the sum of its adjustments is its stock and what its reservations hold."""

from typing import Any

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from inventory.models import Reservation, StockAdjustment
from products.models import Product


def balances() -> QuerySet[Product]:
    """Annotate products with `adjusted` and `reserved`, the sums of units in their ledger and in their reservations."""
    adjusted = StockAdjustment.objects.filter(product=OuterRef("pk")).order_by().values("product")
    reserved = Reservation.objects.filter(product_id=OuterRef("pk")).order_by().values("product_id")
    return Product.objects.annotate(
        adjusted=_sum_or_zero(adjusted.annotate(units=Sum("delta")).values("units")),
        reserved=_sum_or_zero(reserved.annotate(units=Sum("quantity")).values("units")),
    )


def _sum_or_zero(sums: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(sums, output_field=BigIntegerField()), 0)
