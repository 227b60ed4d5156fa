"""The monolith as it is usually deployed: what `startproject` writes, and persistent connections."""

from contenders.database import postgresql
from contenders.startproject import *  # noqa: F403 - all of it
from contenders.startproject import INSTALLED_APPS as USUAL_APPS

ROOT_URLCONF = "contenders.monolith.urls"
PLACE_ORDER = "contenders.monolith.services.place_order"
INSTALLED_APPS = [*USUAL_APPS, "contenders.monolith"]
DATABASES = {"default": postgresql("DATABASE", CONN_MAX_AGE=600)}
