"""Every address of the admin. The gateway leads to it from the internal listener only."""

from django.conf import settings
from django.contrib import admin
from django.urls import path

from api import health

admin.site.site_title = admin.site.site_header = "Orders"
admin.site.index_title = "Who ordered what, and how far it is"
admin.site.site_url = None  # there is no other page to go to

urlpatterns = [
    path(settings.ADMIN_PATH.removeprefix("/"), admin.site.urls),
    path("livez", health.livez),
    path("readyz", health.readyz),
]
