"""The addresses of the shop."""

from django.urls import path

from orders import views

urlpatterns = [
    path("orders/", views.orders),
    path("orders/<int:order_id>/cancel/", views.cancel),
    path("orders/<int:order_id>/ship/", views.ship),
]
