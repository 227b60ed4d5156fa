"""Every address of this service. The gateway decides which of them the public sees."""

from django.urls import include, path

from api import health, problems

urlpatterns = [
    path("api/v1/orders/", include("orders.urls")),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
