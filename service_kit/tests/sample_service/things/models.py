"""A thing."""

from django.db import models
from django.utils import timezone


class Thing(models.Model):
    name = models.CharField(max_length=255)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["price", "id"], name="thing_by_price")]

    def __str__(self) -> str:
        return self.name
