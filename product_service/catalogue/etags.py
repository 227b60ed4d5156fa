"""Entity tags of products: which state of a product an answer showed, and which one a request is about."""

import hashlib
from collections.abc import Callable

from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from catalogue.serializers import ProductSerializer
from products.models import Product


def etag(product: Product) -> str:
    """Name a product's state. A strong tag: made of the representation, it changes whenever that does, stock too."""
    body = JSONRenderer().render(ProductSerializer.show(product))
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller says, by If-None-Match, that it has this state already (compared weakly, RFC 9110, 13.1.2)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or tag in {one.removeprefix("W/") for one in known}


def as_read(request: Request) -> Callable[[Product], bool] | None:
    """
    What tells whether a product is still as the caller read it, by If-Match; None if the caller does not mind.

    Tags are compared strongly (RFC 9110, 13.1.1): a weak one, or one that is malformed, is never as read.
    """
    if "If-Match" not in request.headers:
        return None
    expected = parse_etags(request.headers["If-Match"])
    return lambda product: expected == ["*"] or etag(product) in expected
