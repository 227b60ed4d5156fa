"""What `startproject` writes, on the database that is shared."""

from contenders.database import postgresql
from contenders.startproject import *  # noqa: F403 - all of it
from contenders.startproject import INSTALLED_APPS as USUAL_APPS

ROOT_URLCONF = "contenders.article.urls"
INSTALLED_APPS = [*USUAL_APPS, "contenders.monolith"]
DATABASES = {"default": postgresql("DATABASE")}
