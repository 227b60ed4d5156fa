"""The address of a contender's database, from its environment."""

import os
from typing import Any


def postgresql(variable: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - Django's settings are of any type
    """
    Django's settings for the database that a variable names.

    :param variable: holds the folder of the server's socket and the database's name, with a colon between.
    :param settings: what this contender sets besides.
    """
    folder, name = os.environ[variable].split(":")
    return {"ENGINE": "django.db.backends.postgresql", "HOST": folder, "NAME": name, "USER": "postgres", **settings}
