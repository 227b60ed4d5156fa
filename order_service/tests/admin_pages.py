"""Looking at the admin as a clerk does: what a page says."""

import re
from html import unescape

from django.http import HttpResponse

ADMIN = "/admin/orders/"


def text_of(response: HttpResponse) -> str:
    """What a person reads on a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", response.content.decode())).split())


def messages_of(response: HttpResponse) -> list[str]:
    """What the page says about what was done."""
    found = re.findall(r'<ul class="messagelist">(.*?)</ul>', response.content.decode(), flags=re.DOTALL)
    return [unescape(item) for each in found for item in re.findall(r"<li[^>]*>(.*?)</li>", each, flags=re.DOTALL)]
