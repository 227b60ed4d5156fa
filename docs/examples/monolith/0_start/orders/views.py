"""HTTP in, one service call, HTTP out."""

import json
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from orders import services
from orders.errors import OrderError
from orders.models import Order, Status

View = Callable[..., JsonResponse]
SHOWN = ("id", "product_id", "product_name", "unit_price", "quantity", "status")
PUBLIC = (Status.PENDING, Status.SHIPPED, Status.CANCELED)
LOGIN = "X-Customer"  # stands for the login of your shop


def answering(view: View) -> View:
    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **ids: int) -> JsonResponse:
        try:
            return view(request, **ids)
        except OrderError as error:
            return JsonResponse({"error": type(error).__name__}, status=error.status)

    return answered


@answering
def orders(request: HttpRequest) -> JsonResponse:
    owner = request.headers[LOGIN]
    if request.method == "GET":
        placed = Order.objects.filter(owner=owner, status__in=PUBLIC).order_by("id")
        return JsonResponse({"results": list(placed.values(*SHOWN))})
    body = json.loads(request.body)
    order = services.place_order(owner=owner, product_id=body["product_id"], quantity=body["quantity"])
    return JsonResponse({"id": order.pk}, status=201)


@answering
def cancel(request: HttpRequest, order_id: int) -> JsonResponse:
    services.cancel_order(owner=request.headers[LOGIN], order_id=order_id)
    return JsonResponse({})


@answering
def ship(request: HttpRequest, order_id: int) -> JsonResponse:
    services.ship_order(order_id=order_id)
    return JsonResponse({})
