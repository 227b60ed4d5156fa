"""What can be looked at in the admin, and not touched."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from service_kit.admin.lists import CarefulLists


class ReadOnlyAdmin(CarefulLists, admin.ModelAdmin):  # type: ignore[type-arg] # Django's takes none at run time
    """Pages of rows that come and change by the services of this service, and that nobody removes."""

    # Each would count a whole table.
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
