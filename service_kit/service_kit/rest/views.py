"""What the API's views derive from: every rule that holds at each address, whatever the view does."""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar, TypeVar

from django.core import checks
from django.db import OperationalError
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import get_resolver
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.views import APIView

from service_kit.auth.permissions import api_views
from service_kit.database.connections import is_statement_timeout
from service_kit.rest.errors import SearchTooBroad
from service_kit.rest.headers import refuse_ambiguous_headers
from service_kit.rest.preconditions import refuse_conditions
from service_kit.rest.query import refuse_ambiguous_parameters

PAGE_PARAMETERS = frozenset({"cursor", "page_size"})
Row = TypeVar("Row", bound=Model)


class ResourceView(APIView):
    """
    A view of one thing.

    Whatever a method does not read is refused and not ignored: headers that are empty or repeated, query parameters,
    and conditions where there are no entity tags.
    """

    # Methods that evaluate the request's conditions themselves: their resource has entity tags.
    conditional_methods: ClassVar[Collection[str]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """
        Check what every request must keep, before the method runs.

        :raises ValidationError: if a header or a query parameter is refused.
        :raises PreconditionFailed: if there is a condition that cannot hold here.
        """
        refuse_ambiguous_headers(request)  # before authentication reads one of them
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method == "OPTIONS" or not hasattr(self, method.lower()):
            return
        refuse_ambiguous_parameters(request, known=self.query_parameters(method))
        if method not in self.conditional_methods:
            refuse_conditions(request)

    def query_parameters(self, method: str) -> Collection[str]:
        """Return the names of the query parameters that the method takes."""
        return frozenset()

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override] # DRF takes either
        """Name the methods, in `Allow`. What they take and answer is in the contract, and only there."""
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})


class ListView(ResourceView, GenericAPIView[Row]):
    """A view of a list: reading it takes the parameters of its pages, of its filters and of its order."""

    def query_parameters(self, method: str) -> Collection[str]:
        if method not in SAFE_METHODS:
            return frozenset()
        ordering = {"ordering"} if getattr(self, "ordering_fields", ()) else frozenset[str]()
        return PAGE_PARAMETERS | self.filters() | ordering

    def filters(self) -> frozenset[str]:
        """Return the names of the query parameters that search the list."""
        filterset_class = getattr(self, "filterset_class", None)
        return frozenset(filterset_class.base_filters if filterset_class else ())

    def filter_queryset(self, queryset: QuerySet[Row, Any]) -> QuerySet[Row, Any]:
        """Search, if a parameter asks for it: django-filter makes a class of a form, and the form, at each search."""
        searches = self.filters() & self.request.query_params.keys()
        return super().filter_queryset(queryset) if searches else queryset

    def paginate_queryset(self, queryset: QuerySet[Row, Any] | Sequence[Any]) -> list[Any]:
        """
        Read one page.

        :raises SearchTooBroad: if the database ended a search that took too long. Without filters that is an outage.
        """
        try:
            return super().paginate_queryset(queryset) or []
        except OperationalError as error:
            if is_statement_timeout(error) and self.filters() & self.request.query_params.keys():
                raise SearchTooBroad from error
            raise


def every_view_keeps_the_rules(**_: Any) -> list[checks.CheckMessage]:
    """Find the views that do not derive from `ResourceView`."""
    return [
        checks.Error("This view does not derive from ResourceView or ListView.", obj=view_class, id="api.E003")
        for view_class, _methods in api_views(get_resolver().url_patterns)
        if not issubclass(view_class, ResourceView)
    ]
