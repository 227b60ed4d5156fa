"""Lists in an admin that take whatever stands in the address, and models that it shows and does not change."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from service_kit.database.connections import is_statement_timeout

ODD_VALUES = (DataError, IndexError, OverflowError, TypeError, ValidationError, ValueError)
"""What a lookup raises that no row can match: a date beyond the calendar, half a range."""


class CarefulChangeList(ChangeList):
    """A list that answers a value which cannot be looked up as Django answers other odd ones: with the whole list."""

    def get_results(self, request: HttpRequest) -> None:
        """
        Read the page, and not first when it is rendered.

        :raises IncorrectLookupParameters: if a value cannot be looked up, or the database ended a search that took too
            long; Django then redirects to `?e=1`.
        """
        try:
            super().get_results(request)
            len(self.result_list)
        except ODD_VALUES as error:
            raise IncorrectLookupParameters(error) from error
        except OperationalError as error:
            if not is_statement_timeout(error) or not (self.query or self.get_filters_params()):
                raise
            messages.error(request, "This search takes too long: search for more letters, or for less at once.")
            raise IncorrectLookupParameters(error) from error


class CarefulLists:
    """To be mixed into a `ModelAdmin`, before it."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CarefulChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse patterns: no page links to one, SQLite fails on a malformed one, and they may run for ever."""
        if lookup.endswith(("__regex", "__iregex")):
            return False
        allowed: bool = super().lookup_allowed(lookup, value, request)  # type: ignore[misc] # of a ModelAdmin
        return allowed

    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse a form that no page has sent: SQLite cannot look up the id of a permission that is too large."""
        try:
            answer: HttpResponse = super().changeform_view(*args, **kwargs)  # type: ignore[misc] # of a ModelAdmin
        except OverflowError as error:
            raise BadRequest from error
        return answer

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Run the chosen action, unless a value was selected that no row can have."""
        try:
            queryset.filter(pk__in=request.POST.getlist(ACTION_CHECKBOX_NAME)).exists()
        except ODD_VALUES:
            messages.warning(request, "No such row was found. Nothing has been changed.")
            return None
        answer: HttpResponse | None = super().response_action(request, queryset, *args, **kwargs)  # type: ignore[misc] # of a ModelAdmin
        return answer


class ReadOnlyAdmin(CarefulLists, admin.ModelAdmin):  # type: ignore[type-arg] # Django's takes none at run time
    """Pages of rows that only the service functions create and change."""

    # Each of the first two would count all rows of a table.
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
