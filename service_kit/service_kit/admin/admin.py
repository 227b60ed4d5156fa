"""The admin's own pages: its users, who are never deleted, their groups, and the log of their actions."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from service_kit.admin.lists import CarefulLists, ReadOnlyAdmin

admin.site.unregister([Group, User])


class ForSuperusers(CarefulLists):
    """
    To be mixed into the admin of what permissions hang on: only superusers add, change or delete it, others look.

    Django's permissions to change users or groups would let a clerk take any other: by the superuser's flag, by a
    permission or a group, or by the password of another user.
    """

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


def _is_superuser(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_superuser


@admin.register(User)
class ClerkAdmin(ForSuperusers, UserAdmin):  # type: ignore[type-arg] # at run time, Django's takes no parameter
    """Users are not deleted: their log entries would be, too. Nor are they renamed: the ledger has their names."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj is None else ["username"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Group)
class ClerkGroupAdmin(ForSuperusers, GroupAdmin):
    """Groups of permissions."""


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["action_time", "user", "content_type", "object_repr", "change"]
    list_filter = ["action_flag"]
    list_select_related = ["user", "content_type"]
    search_fields = ["user__username__exact", "object_id__exact"]
    search_help_text = "A user's name, or an object's id."
    ordering = ["-id"]

    @admin.display
    def change(self, entry: LogEntry) -> str:
        return entry.get_change_message()
