"""What a caller may do: each view must declare a scope, and the caller must have it."""

from collections.abc import Callable, Collection, Mapping
from types import ModuleType, SimpleNamespace

import pytest
from django.core.checks.registry import registry
from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase
from django.urls import path
from pytest_django import Settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from service_kit.apps import ServiceKitConfig
from service_kit.auth.authentication import Caller
from service_kit.auth.permissions import ANYONE, HasScope, RequiredScope, every_view_declares_its_scopes
from service_kit.testing.identity_provider import (
    IdentityProvider,
    ProtectedView,
    call_view,
    problem_type,
    users_verifier,
)
from service_kit.testing.tokens import USERS

CHALLENGE = 'Bearer realm="sample_service"'
VERIFIER = users_verifier(IdentityProvider(USERS.key))


def test_an_anonymous_caller_gets_a_challenge() -> None:
    answer = call_view(method="POST", verifier=VERIFIER)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, CHALLENGE)
    assert problem_type(answer) == "/problems/not-authenticated"


def test_the_refusal_names_the_scope_that_is_missing() -> None:
    answer = call_view(USERS.token("customer", "things:read"), method="POST", verifier=VERIFIER)

    assert answer.status_code == 403
    assert answer["WWW-Authenticate"] == f'{CHALLENGE}, error="insufficient_scope", scope="things:write"'
    assert problem_type(answer) == "/problems/permission-denied"


def test_a_caller_with_the_scope_is_admitted() -> None:
    answer = call_view(USERS.token("clerk", "things:read things:write"), method="POST", verifier=VERIFIER)

    assert answer.status_code == 204


@pytest.mark.parametrize(
    "scope", ["", "things", "things:", "things:writes", "Things:Write", "things:write,things:read", "*", "anyone"]
)
def test_a_scope_counts_only_as_a_whole_word(scope: str) -> None:
    answer = call_view(USERS.token("customer", scope), method="POST", verifier=VERIFIER)

    assert answer.status_code == 403


def test_head_needs_what_get_needs() -> None:
    assert status_of("HEAD", {"GET": "things:write"}, Caller("customer")) == 403
    assert status_of("HEAD", {"GET": ANYONE}, Caller("customer")) == 200


@pytest.mark.parametrize("scope", ["things:read", "things:manage"])
def test_where_several_scopes_are_named_any_one_is_enough(scope: str) -> None:
    required = {"GET": ("things:read", "things:manage")}

    assert status_of("GET", required, Caller("customer", frozenset({scope}))) == 200
    assert status_of("GET", required, Caller("customer", frozenset({"things:write"}))) == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "LINK"])
def test_a_method_that_the_view_lacks_is_a_405_with_or_without_a_token(method: str) -> None:
    assert call_view(method=method, verifier=VERIFIER).status_code == 405
    assert call_view(USERS.token(), method=method, verifier=VERIFIER).status_code == 405


def test_a_view_that_declares_nothing_admits_nobody() -> None:
    with pytest.raises(ImproperlyConfigured, match="declares no scope for GET"):
        HasScope().has_permission(SimpleNamespace(method="GET", user=Caller("clerk")), GetView())  # type: ignore[arg-type]


class GetView(APIView):
    permission_classes = [HasScope]

    def get(self, request: Request) -> Response:
        return Response({})


class OpenView(ProtectedView):
    permission_classes = [AllowAny]


class ListSet(ViewSet):
    permission_classes = [HasScope]

    def everything(self, request: Request) -> Response:
        return Response([])


@pytest.mark.parametrize(
    ("view", "problems"),
    [
        (ProtectedView.as_view(), []),
        (GetView.as_view(), ["api.E002"]),
        (OpenView.as_view(), ["api.E001"]),
        (ListSet.as_view({"get": "everything"}), ["api.E002"]),
    ],
)
def test_the_system_check_finds_views_and_methods_without_a_scope(
    view: Callable[..., HttpResponseBase], problems: list[str], settings: Settings
) -> None:
    addresses = ModuleType("addresses")
    addresses.urlpatterns = [path("view", view)]  # type: ignore[attr-defined] # as in a module that Django imports
    settings.ROOT_URLCONF = addresses

    assert [message.id for message in every_view_declares_its_scopes()] == problems


def test_every_view_of_this_service_declares_its_scopes() -> None:
    assert every_view_declares_its_scopes() == []


def test_manage_py_check_includes_this_check() -> None:
    ServiceKitConfig.create("service_kit").ready()

    included: Collection[object] = registry.get_checks()
    assert every_view_declares_its_scopes in included


def status_of(method: str, required: Mapping[str, RequiredScope], caller: Caller) -> int:
    class Guarded(GetView):
        required_scopes = required

    request = APIRequestFactory().generic(method, "/")
    force_authenticate(request, user=caller)  # type: ignore[arg-type] # callers stand where Django has users
    return int(Guarded.as_view()(request).status_code)
