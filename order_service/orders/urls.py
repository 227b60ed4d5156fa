"""The URLs of orders."""

from django.urls import path

from orders.views import OrderListView, OrderView

urlpatterns = [
    path("", OrderListView.as_view(), name="orders"),
    path("<id:order_id>/", OrderView.as_view(), name="order"),
]
