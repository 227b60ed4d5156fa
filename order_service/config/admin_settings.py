"""The settings of the admin: those of the API, and what pages for people with cookies need besides."""

from service_kit.settings.admin import *  # noqa: F403
from service_kit.settings.admin import ADMIN_APPS, ADMIN_MIDDLEWARE, at_path

from config.settings import *  # noqa: F403 - whatever is not said below is as in the API
from config.settings import INSTALLED_APPS as API_APPS
from config.settings import MIDDLEWARE as API_MIDDLEWARE

INSTALLED_APPS = [*ADMIN_APPS, *API_APPS]
MIDDLEWARE = [*API_MIDDLEWARE, *ADMIN_MIDDLEWARE]
ADMIN_PATH = "/admin/orders/"
globals().update(at_path(ADMIN_PATH, cookies="order_admin"))
