"""A service's web application with a fault in it, for gunicorn."""

from importlib import import_module

from crashes.injection import install

application = import_module("config.wsgi").application
install()
