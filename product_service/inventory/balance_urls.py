"""The URL of the balances of stock."""

from django.urls import path

from inventory import views

urlpatterns = [path("", views.BalanceListView.as_view(), name="balance-list")]
