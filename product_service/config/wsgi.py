"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from service_kit.telemetry import tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

tracing.start("product_service")
application = get_wsgi_application()
