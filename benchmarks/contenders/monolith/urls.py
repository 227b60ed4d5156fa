"""The addresses of orders and products."""

from django.urls import path

from contenders.monolith.views import OrderListView, ProductListView, ProductView

urlpatterns = [
    path("api/v1/orders/", OrderListView.as_view()),
    path("api/v1/products/", ProductListView.as_view()),
    path("api/v1/products/<int:pk>/", ProductView.as_view()),
]
