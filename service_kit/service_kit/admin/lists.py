"""Lists in an admin that take whatever stands in the address, and models that it shows and does not change."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import DataError, OperationalError
from django.http import HttpRequest

from service_kit.database.connections import is_statement_timeout

ODD_VALUES = (DataError, OverflowError, TypeError, ValidationError, ValueError)
"""What a lookup raises that no row can match: a date beyond the calendar, a number that no column holds."""


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
