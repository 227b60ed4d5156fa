"""The table of orders."""

from django.db import models
from django.utils import timezone


class Order(models.Model):
    product_id = models.BigIntegerField()
    product_name = models.CharField(max_length=255, editable=False)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, editable=False)
    quantity = models.IntegerField()
    status = models.CharField(max_length=9, default="pending")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "orders"
        indexes = [models.Index(fields=["created_at", "id"], name="order_by_age")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_name}"
