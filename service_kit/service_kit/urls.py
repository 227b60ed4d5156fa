"""The addresses that every service has: its contract, the probes, the metrics; and the errors that no view answers."""

from django.urls import path

from service_kit.contract import documentation
from service_kit.rest import health, problems
from service_kit.rest.methods import read_only
from service_kit.telemetry import request_metrics

urlpatterns = [
    path("docs/openapi.yaml", documentation.contract),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path("metrics", read_only(request_metrics.metrics)),
]
handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
