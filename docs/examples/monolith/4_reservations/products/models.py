"""The product, and where its stock is."""

from django.db import models


class Place(models.TextChoices):
    HERE = "here"
    LEAVING = "leaving"
    THERE = "there"
    RETURNING = "returning"


class Product(models.Model):
    name = models.CharField(max_length=255)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock_quantity = models.IntegerField(default=0)
    is_active = models.BooleanField(default=True)
    service_id = models.BigIntegerField(null=True, unique=True)  # the id that product_service gave it
    stock_is = models.CharField(max_length=9, choices=Place, db_default=Place.HERE)
    moved_units = models.IntegerField(db_default=0)  # on their way to product_service, or from there: negative
    move_key = models.UUIDField(null=True)  # the adjustment that moves them is made once

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(stock_quantity__gte=0), name="stock_not_negative")]

    def __str__(self) -> str:
        return self.name
