"""Which request created a product: what a repeat of it is answered with."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Self

from django.db import models
from django.utils import timezone

from inventory.errors import IdempotencyKeyReused
from products.models import Product


class CreationQuerySet(models.QuerySet["Creation"]):
    def replay(self, *, subject: str, idempotency_key: str, fingerprint: str) -> Product | None:
        """Return the product as the first request with this key created it; raise IdempotencyKeyReused for another."""
        earlier = self.filter(subject=subject, idempotency_key=idempotency_key).first()
        if earlier is None:
            return None
        if earlier.fingerprint != fingerprint:
            raise IdempotencyKeyReused
        return earlier.as_created()


class Creation(models.Model):
    """A product was created under an idempotency key. Rows never change, whatever becomes of the product."""

    subject = models.CharField(max_length=255)
    idempotency_key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    columns = models.JSONField()  # of the product's row, as text
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CreationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "idempotency_key"], name="creation_once_per_key")]

    def __str__(self) -> str:
        return f"product {self.product_id}"

    @classmethod
    def of(cls, product: Product, *, subject: str, idempotency_key: str, fingerprint: str) -> Self:
        """Return the record of a product that was just created."""
        columns = {
            field.attname: None if getattr(product, field.attname) is None else field.value_to_string(product)
            for field in Product._meta.concrete_fields  # noqa: SLF001 - Django's documented model API
        }
        return cls(
            product=product, subject=subject, idempotency_key=idempotency_key, fingerprint=fingerprint, columns=columns
        )

    def as_created(self) -> Product:
        """Return the product as it was. Columns that were added since have their defaults."""
        fields = {field.attname: field for field in Product._meta.concrete_fields}  # noqa: SLF001
        return Product(**{name: fields[name].to_python(text) for name, text in self.columns.items() if name in fields})


def fingerprint_of(values: Mapping[str, Any]) -> str:
    """Identify what a request says, whatever the order of its fields."""
    written = json.dumps({name: str(value) for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()
