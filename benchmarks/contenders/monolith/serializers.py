"""Plain serializers: the fields that the shop's own interface has."""

from typing import Any

from django.utils import timezone
from rest_framework import serializers

from contenders.monolith.models import Order, Product

LARGEST_QUANTITY = 2**31 - 1


class PlaceOrderSerializer(serializers.Serializer[Any]):
    product_id = serializers.IntegerField(min_value=1)
    quantity = serializers.IntegerField(min_value=1, max_value=LARGEST_QUANTITY)


class OrderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    unit_price = serializers.DecimalField(max_digits=10, decimal_places=2)
    quantity = serializers.IntegerField()
    total_price = serializers.SerializerMethodField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def get_total_price(self, order: Order) -> str:
        return f"{order.unit_price * order.quantity:.2f}"


class ProductSerializer(serializers.Serializer[Product]):
    id = serializers.IntegerField(read_only=True)
    name = serializers.CharField(max_length=255)
    description = serializers.CharField(allow_blank=True)
    price = serializers.DecimalField(max_digits=10, decimal_places=2, min_value=0)
    stock_quantity = serializers.IntegerField(read_only=True)
    is_active = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def update(self, instance: Product, validated_data: dict[str, Any]) -> Product:
        """Write what was sent and nothing else: stock may move meanwhile."""
        for name, value in validated_data.items():
            setattr(instance, name, value)
        instance.updated_at = timezone.now()
        instance.save(update_fields=[*validated_data, "updated_at"])
        return instance
