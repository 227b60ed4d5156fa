"""The settings of the sample service's admin."""

from config.settings import *  # noqa: F403 - whatever is not set below is as in the API
from config.settings import INSTALLED_APPS, MIDDLEWARE
from service_kit.settings.admin import admin_settings

ADMIN_PATH = "/admin/things/"
globals().update(admin_settings(path=ADMIN_PATH, cookies="thing_admin", apps=INSTALLED_APPS, middleware=MIDDLEWARE))
