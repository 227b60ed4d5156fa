"""What HTTP says of every answer, whichever view gives it."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.http.response import HttpResponse
from django.middleware.common import CommonMiddleware

WITHOUT_CONTENT = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class HttpRules(CommonMiddleware):
    """
    Refuse a wrong Host, add Content-Length, and send no content where there is none (RFC 9110, 6.4.1).

    An answer without content has no type and no length; the answer to HEAD has those of GET's. The server would drop
    the content of either, and write a warning.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
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
