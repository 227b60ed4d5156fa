"""Every address of this service. The gateway decides which of them the public sees."""

from pathlib import Path

import drf_spectacular_sidecar
from django.urls import include, path
from django.views.static import serve

from inventory import urls as inventory
from service_kit.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

# What the gateway's page at /docs/ shows every service's contract with; the gateway lets these files through by name.
SWAGGER_UI = Path(drf_spectacular_sidecar.__file__).parent / "static" / "drf_spectacular_sidecar" / "swagger-ui-dist"

urlpatterns = [
    path("api/v1/products/", include("catalogue.urls")),
    path("api/v1/products/<id:product_id>/stock-adjustments/", include(inventory.adjustments)),
    path("internal/v1/reservations/", include(inventory.reservations)),
    path("internal/v1/balances/", include(inventory.balances)),
    path("docs/swagger-ui/<str:path>", serve, {"document_root": SWAGGER_UI}),
    path("", include("service_kit.urls")),
]
