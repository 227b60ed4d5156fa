"""What `startproject` writes, on the orders' own database."""

import os

from contenders.database import postgresql
from contenders.startproject import *  # noqa: F403 - all of it
from contenders.startproject import INSTALLED_APPS as USUAL_APPS

ROOT_URLCONF = "contenders.usual_port.orders.urls"
INSTALLED_APPS = [*USUAL_APPS, "contenders.usual_port.orders"]
DATABASES = {"default": postgresql("DATABASE")}
PRODUCTS_URL = os.environ.get("PRODUCTS_URL", "")
