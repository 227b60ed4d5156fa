"""The address at which orders are placed."""

from django.urls import path

from contenders.article.views import OrderListView

urlpatterns = [path("api/v1/orders/", OrderListView.as_view())]
