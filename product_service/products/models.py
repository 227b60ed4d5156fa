"""The product: its columns, its constraints, and the queries that find, lock and move its rows."""

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar

from django.db import connections, models
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThan

from products.errors import ProductNotFound
from service_kit.database.clock import NOW, NOW_IN_SQL
from service_kit.database.rows import read_row

# Three letters or digits in a row: what the index of trigrams needs to find anything.
TRIGRAM = re.compile(r"[^\W_]{3}")


class ProductQuerySet(models.QuerySet["Product"]):
    def active(self) -> "ProductQuerySet":
        return self.filter(is_active=True)

    def in_stock(self, value: bool) -> "ProductQuerySet":  # noqa: FBT001 - a filter's value
        return self.filter(stock_quantity__gt=0) if value else self.filter(stock_quantity=0)

    def named(self, part: str) -> "ProductQuerySet":
        """
        Those whose name contains the part, in any case.

        PostgreSQL either finds all of them by the trigrams and sorts them, or walks along the index of the requested
        order until the page is full. It assumes that matches are spread evenly, but similar names (all that begin
        with the same word) are neighbours, and then it walks past a million others. The second condition is always
        true and estimated as rare (1 in 200), so that PostgreSQL walks only for words that many names have.
        """
        found = self.filter(name__icontains=part)
        if connections[self.db].vendor == "postgresql" and TRIGRAM.search(part):
            return found.filter(pk=models.F("pk") + 0)
        return found

    def lock(self, product_id: int) -> "Product":
        """Find a product, and lock its row until this transaction ends; raise ProductNotFound if there is none."""
        try:
            return self.select_for_update().get(pk=product_id)
        except self.model.DoesNotExist:
            raise ProductNotFound(product_id) from None

    def lock_many(self, product_ids: Iterable[int]) -> "dict[int, Product]":
        """Lock those of these products that exist, in order of id, so that two callers never wait for each other."""
        rows = self.filter(pk__in=product_ids).select_for_update().order_by("pk")
        return {product.pk: product for product in rows}

    def taken_fields(self, product: "Product") -> tuple[str, ...]:
        """Name the unique field, or fields that are unique together, whose value another product has; none if none."""
        for names in unique_fields():
            values = {name: getattr(product, name) for name in names}
            if None not in values.values() and self.filter(**values).exclude(pk=product.pk).exists():
                return names
        return ()

    def take(self, taken: Mapping[int, int]) -> None:
        """
        Move stock out of locked products, or in where negative, in one relative statement.

        :raises IntegrityError: if a stock would fall below zero; CHECK has the last word.
        """
        moves = [(product_id, units) for product_id, units in taken.items() if units]
        if not moves:
            return
        cases = " ".join(["WHEN %s THEN %s"] * len(moves))
        ids = ", ".join(["%s"] * len(moves))
        connection = connections[self.db]
        statement = (
            f"UPDATE products_product SET stock_quantity = stock_quantity - (CASE id {cases} END), "  # noqa: S608 - placeholders only
            f"updated_at = {NOW_IN_SQL[connection.vendor]} "
            f"WHERE id IN ({ids})"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [*(part for move in moves for part in move), *(move[0] for move in moves)])


_Queries = models.Manager.from_queryset(ProductQuerySet)


class ProductManager(_Queries["Product"]):
    def one(self, product_id: int) -> "Product":
        """Find a product, in sale or not; raise ProductNotFound if there is none."""
        product = read_row(Product, product_id)
        if product is None:
            raise ProductNotFound(product_id)
        return product


class Product(models.Model):
    """
    Something that is sold. It is deactivated, never deleted, so that references to it stay valid.

    `stock_quantity` is only ever written relatively and under the row's lock, by the inventory app: an edit of
    the other columns never writes it. It is wider than what may be set (`inventory.LARGEST_STOCK`), so that releasing
    reserved units can never fail.
    """

    name = models.CharField(max_length=255)
    description = models.TextField(default="", blank=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    stock_quantity = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    external_reference = models.CharField(max_length=255, null=True)  # noqa: DJ001 - null is none, and never equal
    created_at = models.DateTimeField(db_default=NOW, editable=False)
    updated_at = models.DateTimeField(db_default=NOW, editable=False)

    objects: ClassVar[ProductManager] = ProductManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=GreaterThan(Length(Trim("name")), 0), name="product_has_a_name"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=models.Q(stock_quantity__gte=0), name="product_stock_not_negative"),
            models.UniqueConstraint(
                fields=["external_reference"],
                condition=models.Q(external_reference__isnull=False),
                name="product_by_external_reference",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="product_by_name"),
            models.Index(fields=["price", "id"], name="product_by_price"),
            models.Index(fields=["created_at", "id"], name="product_by_age"),
        ]

    def __str__(self) -> str:
        return self.name


def unique_fields() -> list[tuple[str, ...]]:
    """Return the fields whose values no two products share, each with those that it is unique together with."""
    meta = Product._meta  # noqa: SLF001 - Django's public name
    alone = [(field.name,) for field in meta.concrete_fields if field.unique and not field.primary_key]
    return alone + [tuple(rule.fields) for rule in meta.constraints if isinstance(rule, models.UniqueConstraint)]
