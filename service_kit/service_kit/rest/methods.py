"""The methods of addresses that are no part of the API: probes, metrics, the published contract."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from service_kit.rest.problems import method_not_allowed

READ_ONLY = ("GET", "HEAD")
View = Callable[[HttpRequest], HttpResponseBase]


def read_only(view: View) -> View:
    """Answer any method but GET and HEAD with 405, and `Allow`."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponseBase:
        return view(request) if request.method in READ_ONLY else method_not_allowed(request, READ_ONLY)

    return checked
