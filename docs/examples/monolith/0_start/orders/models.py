"""The order. It keeps the name and the price that it was placed at."""

from django.db import models
from django.utils import timezone

from products.models import Product


class Status(models.TextChoices):
    PENDING = "pending"
    SHIPPED = "shipped"
    CANCELED = "canceled"


class Order(models.Model):
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    owner = models.CharField(max_length=255)
    product_name = models.CharField(max_length=255)
    unit_price = models.DecimalField(max_digits=10, decimal_places=2)
    quantity = models.IntegerField()
    status = models.CharField(max_length=8, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.quantity} of {self.product_name}"
