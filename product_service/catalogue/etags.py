"""Entity tags of products, and the headers If-Match and If-None-Match."""

import hashlib
from collections.abc import Callable

from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from catalogue.serializers import ProductSerializer
from products.models import Product


def etag(product: Product) -> str:
    """Return a product's entity tag. It is strong: a hash of the representation, stock included."""
    body = JSONRenderer().render(ProductSerializer.show(product))
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def is_known(request: Request, tag: str) -> bool:
    """Return whether If-None-Match names this tag (compared weakly, RFC 9110, 13.1.2)."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or tag in {one.removeprefix("W/") for one in known}


def as_read(request: Request) -> Callable[[Product], bool] | None:
    """
    Return the check that If-Match requests: whether a product still has the tag; None without the header.

    Tags are compared strongly (RFC 9110, 13.1.1): a weak or malformed one never matches.
    """
    if "If-Match" not in request.headers:
        return None
    expected = parse_etags(request.headers["If-Match"])
    return lambda product: expected == ["*"] or etag(product) in expected
