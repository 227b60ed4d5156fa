"""The addresses of products."""

from django.urls import path

from catalogue import views

urlpatterns = [
    path("", views.ProductListView.as_view(), name="product-list"),
    path("<id:product_id>/", views.ProductView.as_view(), name="product"),
]
