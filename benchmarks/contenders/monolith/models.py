"""What is sold and what was ordered, side by side in one database."""

from django.db import models
from django.utils import timezone


class Product(models.Model):
    name = models.CharField(max_length=255)
    description = models.TextField(default="", blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock_quantity = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "monolith"
        constraints = [models.CheckConstraint(condition=models.Q(stock_quantity__gte=0), name="stock_not_negative")]
        indexes = [models.Index(fields=["name", "id"], name="product_by_name")]

    def __str__(self) -> str:
        return self.name


class Order(models.Model):
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    product_name = models.CharField(max_length=255)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    quantity = models.IntegerField()
    status = models.CharField(max_length=9, default="pending")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    # Written by the guarded variant only.
    owner = models.CharField(max_length=255, default="")
    idempotency_key = models.CharField(max_length=255, null=True)  # noqa: DJ001 - null is no key, and never equal

    class Meta:
        app_label = "monolith"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"],
                condition=models.Q(idempotency_key__isnull=False),
                name="one_order_per_key",
            )
        ]
        indexes = [models.Index(fields=["created_at", "id"], name="order_by_age")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_name}"
