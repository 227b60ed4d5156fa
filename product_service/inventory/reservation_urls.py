"""The addresses of reservations, on the internal side."""

from django.urls import path

from inventory import views

urlpatterns = [
    path("", views.ReservationListView.as_view(), name="reservation-list"),
    path("<uuid:reservation_id>/", views.ReservationView.as_view(), name="reservation"),
]
