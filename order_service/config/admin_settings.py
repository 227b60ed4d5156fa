"""The settings of the admin: those of the API, and what pages for people with cookies need besides."""

from config.settings import *  # noqa: F403 - whatever is not set below is as in the API
from config.settings import INSTALLED_APPS, MIDDLEWARE
from service_kit.settings.admin import admin_settings

ADMIN_PATH = "/admin/orders/"
globals().update(
    admin_settings(
        path=ADMIN_PATH,
        cookies="order_admin",
        apps=INSTALLED_APPS,
        middleware=MIDDLEWARE,
        others={"Products": "/admin/products/"},
    )
)
