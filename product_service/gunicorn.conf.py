"""How gunicorn serves this service; every number can be set by the environment."""

import os

os.environ.setdefault("WEB_THREADS", "32")

from service_kit.server.configuration import *  # noqa: F403 - gunicorn reads the names in this file
