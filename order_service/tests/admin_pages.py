"""Looking at the admin as a clerk does: what a page says."""

import re
from html import unescape

from django.http.response import HttpResponse, HttpResponseBase

ADMIN = "/admin/orders/"


def html_of(response: HttpResponseBase) -> str:
    """The page as it was sent."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def text_of(response: HttpResponseBase) -> str:
    """What a person reads on a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html_of(response))).split())


def messages_of(response: HttpResponseBase) -> list[str]:
    """What the page says about what was done."""
    found = re.findall(r'<ul class="messagelist">(.*?)</ul>', html_of(response), flags=re.DOTALL)
    return [unescape(item) for each in found for item in re.findall(r"<li[^>]*>(.*?)</li>", each, flags=re.DOTALL)]
