"""Every address of this service. The gateway decides which of them the public sees."""

from django.urls import include, path

from orders import urls as orders
from service_kit.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [
    path("api/v1/orders/", include("orders.urls")),
    path("internal/v1/order-events/", include(orders.events)),
    path("", include("service_kit.urls")),
]
