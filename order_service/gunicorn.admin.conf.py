"""How gunicorn serves the admin."""

from service_kit.server.admin_configuration import *  # noqa: F403 - gunicorn reads the names in this file
