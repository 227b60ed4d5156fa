"""The addresses of orders."""

from django.urls import include, path
from rest_framework.routers import DefaultRouter

from contenders.usual_port.orders.views import OrderViewSet

router = DefaultRouter()
router.register("orders", OrderViewSet)
urlpatterns = [path("api/v1/", include(router.urls))]
