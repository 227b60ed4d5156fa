"""The WSGI application of the admin, which gunicorn serves in a process of its own."""

import os

from django.core.wsgi import get_wsgi_application

from service_kit.telemetry import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.admin_settings")

tracing.start("order_admin")
application = get_wsgi_application()
