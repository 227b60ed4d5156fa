"""Every address of the admin. The gateway leads to it from the internal listener only."""

from service_kit.admin.urls import admin_urls

urlpatterns = admin_urls(title="Orders", index_title="Who ordered what, and how far it is")
