"""Entity tags of products: which state of a product an answer shows, and which one a request is about."""

from collections.abc import Callable

from rest_framework.request import Request

from catalogue.serializers import ProductSerializer
from products.models import Product
from service_kit.rest.preconditions import condition_of_change, state_of


def etag(product: Product) -> str:
    """Return the strong tag of a product's state. It changes whenever the representation does, stock included."""
    return state_of(ProductSerializer.show(product)).tag


def as_read(request: Request) -> Callable[[Product], bool] | None:
    """Return what decides whether a product is as the request's conditions want it; None if it sets none."""
    return condition_of_change(request, ProductSerializer.show)
