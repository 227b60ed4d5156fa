"""The addresses of stock adjustments, and, on the internal side, of reservations and balances."""

from django.urls import path

from inventory import views

adjustments = [path("", views.StockAdjustmentListView.as_view(), name="stock-adjustment-list")]
reservations = [
    path("", views.ReservationListView.as_view(), name="reservation-list"),
    path("<uuid_in_any_case:reservation_id>/", views.ReservationView.as_view(), name="reservation"),
]
balances = [path("", views.BalanceListView.as_view(), name="balance-list")]
