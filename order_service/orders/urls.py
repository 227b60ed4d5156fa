"""The URLs of orders."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from orders.views import OrderListView, OrderView


class IdConverter(IntConverter):
    """An id in ASCII digits that both databases can store. Any other number is not found."""

    regex = "[1-9][0-9]{0,17}"


register_converter(IdConverter, "id")

urlpatterns = [
    path("", OrderListView.as_view(), name="orders"),
    path("<id:order_id>/", OrderView.as_view(), name="order"),
]
