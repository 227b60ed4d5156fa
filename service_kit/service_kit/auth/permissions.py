"""What a caller may do: each view declares a scope for each of its methods."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from service_kit.auth.authentication import caller_of
from service_kit.auth.errors import challenge

if TYPE_CHECKING:
    from rest_framework.views import APIView  # its module imports this one, by the settings

ANYONE: Final = "anyone"
DECLARED_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")  # HEAD is as GET; OPTIONS only describes

# One scope, or several of which any one is enough; ANYONE must be declared: no view is open by omission.
RequiredScope = str | tuple[str, ...]


class HasScope(BasePermission):
    """
    Admits callers that have the scope that the view declares for the method.

        required_scopes: ClassVar[Mapping[str, RequiredScope]] = {"GET": ANYONE, "POST": "catalog:write"}
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Return True, or raise NotAuthenticated, PermissionDenied, or ImproperlyConfigured if nothing is declared."""
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in DECLARED_METHODS or not hasattr(view, method.lower()):
            return True  # DRF responds: 405, or the description of the view for OPTIONS
        required = _declared(type(view)).get(method)
        if required is None:
            raise ImproperlyConfigured(f"{type(view).__name__} declares no scope for {method}.")
        if required == ANYONE:
            return True

        caller = caller_of(request)
        if not caller.is_authenticated:
            raise NotAuthenticated("An access token is needed here.")
        alternatives = (required,) if isinstance(required, str) else required
        if not any(caller.has_scope(scope) for scope in alternatives):
            raise _insufficient(alternatives)
        return True


def _insufficient(alternatives: Sequence[str]) -> PermissionDenied:
    refusal = PermissionDenied(f"The access token lacks the scope {' or '.join(alternatives)}.")
    # DRF's exception handler sends it as WWW-Authenticate.
    refusal.auth_header = challenge("insufficient_scope", scope=alternatives[0])  # type: ignore[attr-defined]
    return refusal


def _declared(view_class: "type[APIView]") -> Mapping[str, RequiredScope]:
    declared: Mapping[str, RequiredScope] = getattr(view_class, "required_scopes", {})
    return declared


def every_view_declares_its_scopes(**_: Any) -> list[checks.CheckMessage]:
    """Find the views that HasScope does not guard, and the methods for which a guarded view declares no scope."""
    messages: list[checks.CheckMessage] = []
    for view_class, methods in api_views(get_resolver().url_patterns):
        if HasScope not in view_class.permission_classes:
            messages.append(checks.Error("HasScope does not guard this view.", obj=view_class, id="api.E001"))
        messages += [
            checks.Error(f"This view declares no scope for {method}.", obj=view_class, id="api.E002")
            for method in methods
            if method not in _declared(view_class)
        ]
    return messages


def api_views(patterns: Iterable[URLPattern | URLResolver]) -> "Iterator[tuple[type[APIView], Sequence[str]]]":
    """Find the API's views, each with the methods that it answers."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from api_views(pattern.url_patterns)
            continue
        view_class = getattr(pattern.callback, "cls", None)
        if view_class is not None:  # only DRF's as_view() leaves the class on the function
            actions = getattr(pattern.callback, "actions", {})  # a view set has its methods per URL, not per class
            names = [name for name in DECLARED_METHODS if name.lower() in actions or hasattr(view_class, name.lower())]
            yield view_class, names
