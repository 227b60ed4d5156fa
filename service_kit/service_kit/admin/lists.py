"""Lists in an admin that take whatever stands in the address."""

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest

ODD_VALUES = (DataError, OverflowError, TypeError, ValidationError, ValueError)
"""What a lookup raises that no row can match: a date beyond the calendar, a number that no column holds."""


class CarefulChangeList(ChangeList):
    """A list that answers a value which cannot be looked up as Django answers other odd ones: with the whole list."""

    def get_results(self, request: HttpRequest) -> None:
        """
        Read the page.

        :raises IncorrectLookupParameters: if a value cannot be looked up; Django then redirects to `?e=1`.
        """
        try:
            super().get_results(request)
        except ODD_VALUES as error:
            raise IncorrectLookupParameters(error) from error


class CarefulLists:
    """To be mixed into a `ModelAdmin`, before it."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CarefulChangeList
