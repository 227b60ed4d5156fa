"""Things for the clerk."""

from django.contrib import admin

from service_kit.admin.lists import ReadOnlyAdmin
from things.models import Thing


@admin.register(Thing)
class ThingAdmin(ReadOnlyAdmin):
    list_display = ["name", "price", "created_at"]
