"""The URLs of orders, and, on the internal side, of their events."""

from django.urls import path

from orders.history_views import OrderFeedView, OrderHistoryView
from orders.views import OrderListView, OrderView

urlpatterns = [
    path("", OrderListView.as_view(), name="orders"),
    path("<id:order_id>/", OrderView.as_view(), name="order"),
    path("<id:order_id>/history/", OrderHistoryView.as_view(), name="order-history"),
]
events = [path("", OrderFeedView.as_view(), name="order-events")]
