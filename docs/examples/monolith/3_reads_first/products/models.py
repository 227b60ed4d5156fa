"""The product, and how many of it are left."""

from django.db import models


class Product(models.Model):
    name = models.CharField(max_length=255)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock_quantity = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)
    service_id = models.BigIntegerField(null=True, unique=True)  # the id that product_service gave it

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(stock_quantity__gte=0), name="stock_not_negative")]

    def __str__(self) -> str:
        return self.name
