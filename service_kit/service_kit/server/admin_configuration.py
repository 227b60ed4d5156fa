"""The settings of gunicorn for the admin: fewer processes and threads than the API, and longer statements."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.admin_settings"
os.environ.setdefault("WEB_THREADS", "4")
os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT_MS", "4000")  # less than the gateway waits

from service_kit.server.configuration import *  # noqa: F403 - it reads the variables that are set above

wsgi_app = "config.admin_wsgi"
workers = 1
