"""Every address of the sample service."""

from django.urls import include, path

from service_kit.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500"]

urlpatterns = [path("api/v1/things/", include("things.urls")), path("", include("service_kit.urls"))]
