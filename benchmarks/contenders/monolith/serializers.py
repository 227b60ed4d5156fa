"""Plain serializers: the fields that the shop's own interface has."""

from typing import Any

from rest_framework import serializers

from contenders.monolith.models import Order

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
