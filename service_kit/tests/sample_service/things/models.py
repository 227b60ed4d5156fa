"""A thing."""

from django.db import models
from django.utils import timezone


class Thing(models.Model):
    name = models.CharField(max_length=255)
    note = models.TextField(default="", blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    amount = models.IntegerField(default=0)
    maker_id = models.BigIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["price", "id"], name="thing_by_price")]

    def __str__(self) -> str:
        return self.name
