"""The table of orders; that of products is the monolith's."""

from django.db import models
from django.utils import timezone


class PortedOrder(models.Model):
    product_id = models.BigIntegerField()
    product_name = models.CharField(max_length=255, editable=False)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, editable=False)
    quantity = models.IntegerField()
    status = models.CharField(max_length=9, default="pending")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "usual_port"
        indexes = [models.Index(fields=["created_at", "id"], name="ported_order_by_age")]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_name}"
