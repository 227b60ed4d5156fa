"""Every address of the sample service's admin."""

from service_kit.admin.urls import admin_urls

urlpatterns = admin_urls(title="Things", index_title="What there is")
