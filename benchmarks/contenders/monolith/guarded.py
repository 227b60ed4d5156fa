"""The monolith with the other duties of the shop: bearer tokens, idempotency keys, one log line a request."""

import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import jwt
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from contenders.monolith.models import Order
from contenders.monolith.serializers import OrderSerializer, PlaceOrderSerializer
from contenders.monolith.views import OrderListView

REMEMBER_SECONDS = 60
log = logging.getLogger("requests")


@dataclass(frozen=True)
class Caller:
    subject: str
    is_authenticated: bool = True


class TokenAuthentication(BaseAuthentication):
    """Verifies a token's signature once a minute, as the shop does."""

    verified: dict[bytes, tuple[float, Caller]] = {}

    def authenticate(self, request: Request) -> tuple[Caller, None]:
        token = request.META.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        digest = sha256(token.encode()).digest()
        until, caller = self.verified.get(digest, (0.0, None))
        if caller is None or until <= time.time():
            until, caller = _verify(token)
            self.verified[digest] = min(until, time.time() + REMEMBER_SECONDS), caller
        return caller, None


def _verify(token: str) -> tuple[float, Caller]:
    try:
        claims = jwt.decode(
            token,
            _key(),
            algorithms=["EdDSA"],
            audience=os.environ["AUTH_AUDIENCE"],
            issuer=os.environ["AUTH_ISSUER"],
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise AuthenticationFailed from error
    return claims["exp"], Caller(claims["sub"])


@cache
def _key() -> jwt.PyJWK:
    return jwt.PyJWK(json.loads(Path(os.environ["AUTH_JWKS"]).read_text())["keys"][0])


class KeyReused(APIException):
    status_code = 422
    default_detail = "This key stands for another order."


class GuardedOrderListView(OrderListView):
    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]

    def post(self, request: Request) -> Response:
        body = PlaceOrderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        owner, key = request.user.subject, request.headers.get("Idempotency-Key")  # type: ignore[union-attr] # a Caller

        try:
            order = self.place_order(owner=owner, idempotency_key=key, **body.validated_data)
        except IntegrityError:
            order = Order.objects.get(owner=owner, idempotency_key=key)
            if any(getattr(order, name) != value for name, value in body.validated_data.items()):
                raise KeyReused from None

        return Response(OrderSerializer(order).data, status=201)


class RequestLog:
    """One JSON line for each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        line = {
            "request_id": request.headers.get("X-Request-ID"),
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": round((time.perf_counter() - began) * 1000, 1),
        }
        log.info(json.dumps(line))
        return response


urlpatterns = [path("api/v1/orders/", GuardedOrderListView.as_view())]
