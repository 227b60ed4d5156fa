"""The URL of a product's stock adjustments."""

from django.urls import path

from inventory import views

urlpatterns = [path("", views.StockAdjustmentListView.as_view(), name="stock-adjustment-list")]
