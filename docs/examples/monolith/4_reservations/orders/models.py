"""The order. Its row says how many units product_service should hold for it, and since which revision."""

from django.db import models
from django.utils import timezone


class Status(models.TextChoices):
    PLACING = "placing"
    PENDING = "pending"
    SHIPPED = "shipped"
    CANCELED = "canceled"
    FAILED = "failed"


WITH_UNITS = (Status.PLACING, Status.PENDING, Status.SHIPPED)


class Order(models.Model):
    product_id = models.BigIntegerField(db_index=True)
    owner = models.CharField(max_length=255)
    product_name = models.CharField(max_length=255)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2, default=0)  # 0 and no name: not known yet
    quantity = models.IntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=timezone.now)
    reservation_id = models.UUIDField(null=True, unique=True)
    revision = models.IntegerField(db_default=0)  # 0: its units were taken from the table of products
    synced_revision = models.IntegerField(db_default=0)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_name}"

    @property
    def desired_quantity(self) -> int:
        return self.quantity if self.status in WITH_UNITS else 0
