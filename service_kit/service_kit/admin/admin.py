"""The admin's own pages: its users, who are deactivated and never deleted, and the log of their actions."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

from service_kit.admin.lists import CarefulLists
from service_kit.admin.read_only import ReadOnlyAdmin

admin.site.unregister(User)


@admin.register(User)
class ClerkAdmin(CarefulLists, UserAdmin):  # type: ignore[type-arg] # at run time, Django's takes no parameter
    """Users cannot be deleted: their log entries would be deleted too."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
