"""What gunicorn's master imports once, for all of its workers."""

import gc
import os
from collections.abc import Iterable

import django
from django.urls import URLPattern, URLResolver, get_resolver


def import_before_fork() -> None:
    """
    Import settings, apps and views into this process: the workers that it forks start with them, and share them.

    Nothing is made that could not be shared: no application, connection, client or thread. Each worker makes its own.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _import_views(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()  # a worker's garbage collector leaves alone what is shared, or it would copy it page by page


def _import_views(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Importing is what asking for an address's patterns does."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _import_views(pattern.url_patterns)
