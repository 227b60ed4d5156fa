"""Reads the pages of the admin: their text, their messages, and what their forms send."""

import re
from html import unescape
from typing import Any

from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client


def html_of(response: HttpResponseBase) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def text_of(response: HttpResponseBase) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html_of(response))).split())


def messages_of(response: HttpResponseBase) -> list[str]:
    found = re.findall(r'<ul class="messagelist">(.*?)</ul>', html_of(response), flags=re.DOTALL)
    return [unescape(item) for each in found for item in re.findall(r"<li[^>]*>(.*?)</li>", each, flags=re.DOTALL)]


def fill_in(clerk: Client, path: str, **changes: Any) -> dict[str, Any]:
    """Open a form, and return the data that it sends with some fields changed; None clears a checkbox."""
    fields = clerk.get(path).context["adminform"].form
    filled = {each.html_name: each.value() for each in fields}
    sent = {name: value for name, value in {**filled, **changes}.items() if value is not None and value is not False}
    return {name: "on" if value is True else value for name, value in sent.items()}
