"""Every address of this service. The gateway decides which of them the public sees."""

from django.urls import include, path
from django.views.static import serve

from api import documentation, health, metrics, problems

urlpatterns = [
    path("api/v1/products/", include("catalogue.urls")),
    path("api/v1/products/<int:product_id>/stock-adjustments/", include("inventory.adjustment_urls")),
    path("internal/v1/reservations/", include("inventory.reservation_urls")),
    path("internal/v1/balances/", include("inventory.balance_urls")),
    path("docs/openapi.yaml", documentation.contract),
    path("docs/swagger-ui/<str:path>", serve, {"document_root": documentation.SWAGGER_UI}),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]
handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
