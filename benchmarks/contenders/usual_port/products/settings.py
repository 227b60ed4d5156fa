"""What `startproject` writes, on the products' own database."""

from contenders.database import postgresql
from contenders.startproject import *  # noqa: F403 - all of it
from contenders.startproject import INSTALLED_APPS as USUAL_APPS

ROOT_URLCONF = "contenders.usual_port.products.urls"
INSTALLED_APPS = [*USUAL_APPS, "contenders.usual_port.products"]
DATABASES = {"default": postgresql("DATABASE")}
