"""Models that the admin shows and does not change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from service_kit.admin.lists import CarefulLists


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
