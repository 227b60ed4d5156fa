"""Every address of the admin. The gateway leads to it from the internal listener only."""

from service_kit.admin.urls import admin_urls

urlpatterns = admin_urls(title="Products", index_title="What is sold, what is left, what is promised")
