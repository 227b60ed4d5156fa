"""Every address of this service. The gateway decides which of them the public sees."""

from django.urls import include, path

from api import documentation, health, metrics, problems

urlpatterns = [
    path("api/v1/orders/", include("orders.urls")),
    path("docs/openapi.yaml", documentation.contract),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]
handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
