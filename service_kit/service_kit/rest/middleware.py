"""What HTTP says of every answer, whichever view gives it."""

from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.http.response import HttpResponse
from django.middleware.common import CommonMiddleware

from service_kit.rest.preconditions import status_of_read
from service_kit.rest.problems import precondition_failed

WITHOUT_CONTENT = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class HttpRules(CommonMiddleware):
    """
    Refuse a wrong Host, evaluate the conditions of reads, add Content-Length, and send no content where there is none
    (RFC 9110, 6.4.1).

    An answer without content has no type and no length; the answer to HEAD has those of the answer to GET. The server
    would drop the content of either, and write a warning.
    """

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:  # type: ignore[override] # Django takes any
        """Refuse a wrong Host by an answer: an exception would pass by the rules of answers."""
        try:
            return super().process_request(request)
        except SuspiciousOperation as refusal:
            return response_for_exception(request, refusal)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        status = status_of_read(request, response)
        if status == HTTPStatus.PRECONDITION_FAILED and response.status_code == HTTPStatus.OK:
            response.close()
            response = precondition_failed(request)
        elif status == HTTPStatus.NOT_MODIFIED:
            response.status_code = int(status)
            _drop_content(response)
        if response.status_code in WITHOUT_CONTENT:
            response.headers.pop("Content-Type", None)
            response.headers.pop("Content-Length", None)
            return response
        finished: HttpResponseBase = super().process_response(request, response)
        if request.method == "HEAD":
            _drop_content(finished)
        return finished


def _drop_content(response: HttpResponseBase) -> None:
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()  # the file is closed with the response, as it was opened
    elif isinstance(response, HttpResponse):
        response.content = b""
