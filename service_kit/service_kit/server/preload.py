"""What gunicorn's master imports once, for all of its workers."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import django
from django.urls import URLPattern, URLResolver, get_resolver

# Libraries import these where they find them, for what no worker does: clients for tests, commands, coloured traces.
LEFT_OUT = ("click", "pygments", "requests", "rich")


def import_before_fork() -> None:
    """
    Import settings, apps and views into this process: the workers that it forks start with them, and share them.

    Nothing is made that could not be shared: no application, connection, client or thread. Each worker makes its own.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with _left_out():
        django.setup()
        import_views()
    gc.collect()
    gc.freeze()  # a worker's garbage collector leaves alone what is shared, or it would copy it page by page


def import_views() -> None:
    """Import the views of every address, which Django would do at the first request. Django is set up."""
    _import_views(get_resolver().url_patterns)


@contextmanager
def _left_out() -> Iterator[None]:
    """Have optional packages look as if they were not installed, as they are not where they are not needed."""
    names = [name for name in LEFT_OUT if name not in sys.modules]
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment] # Python's word for a module that is not to be found
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _import_views(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Importing is what asking for an address's patterns does."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _import_views(pattern.url_patterns)
