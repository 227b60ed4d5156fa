"""The ledger of stock: every change of stock that is not a reservation is a row of it."""

from django.db import IntegrityError, models, transaction

from inventory.errors import AdjustmentTooLarge, IdempotencyKeyReused, InsufficientStock, StockTooLarge
from products.models import Product
from service_kit.database.clock import NOW

INITIAL_STOCK = "initial stock"  # the reason of the units that a product begins with
LARGEST_STOCK = 2_147_483_647  # units of one product that an adjustment may lead to


class StockAdjustmentQuerySet(models.QuerySet["StockAdjustment"]):
    def record(self, adjustment: "StockAdjustment") -> None:
        """
        Move the stock of the adjustment's product, whose row is locked, and write the adjustment down.

        :raises InsufficientStock: if the stock would fall below zero.
        :raises StockTooLarge: if it would exceed `LARGEST_STOCK`.
        :raises AdjustmentTooLarge: if so many units would be moved at once.
        :raises IdempotencyKeyReused: if the subject's key got taken meanwhile, by an adjustment of another product.
        """
        product, delta = adjustment.product, adjustment.delta
        stock = product.stock_quantity + delta
        if stock < 0:
            raise InsufficientStock(available=product.stock_quantity, requested=-delta)
        if abs(delta) > LARGEST_STOCK:  # released units may have made the stock larger than that
            raise AdjustmentTooLarge(largest=LARGEST_STOCK)
        if delta > 0 and stock > LARGEST_STOCK:
            raise StockTooLarge(largest=LARGEST_STOCK)
        try:
            with transaction.atomic():
                adjustment.save(force_insert=True)
        except IntegrityError:
            if adjustment.idempotency_key is None:
                raise
            raise IdempotencyKeyReused from None
        Product.objects.take({product.pk: -delta})
        product.stock_quantity = stock

    def of_key(self, *, subject: str, idempotency_key: str | None) -> "StockAdjustment | None":
        """Find the adjustment that the subject made with this key, if any."""
        if idempotency_key is None:
            return None
        return self.filter(subject=subject, idempotency_key=idempotency_key).first()


class StockAdjustment(models.Model):
    """Somebody moved stock, for a reason. Rows never change; stock is their sum, less what is reserved."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="adjustments", db_index=False)
    delta = models.IntegerField()
    reason = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    created_at = models.DateTimeField(db_default=NOW, editable=False)
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 - null is no key, and never equal
    fingerprint = models.CharField(max_length=64, default="")

    objects = StockAdjustmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(delta=0), name="adjustment_moves_something"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="adjustment_has_a_reason"),
            models.UniqueConstraint(
                fields=["subject", "idempotency_key"],
                condition=models.Q(idempotency_key__isnull=False),
                name="adjustment_once_per_key",
            ),
        ]
        indexes = [models.Index(fields=["product", "created_at", "id"], name="adjustment_by_product")]

    def __str__(self) -> str:
        return f"{self.delta:+d} of product {self.product_id}: {self.reason}"
