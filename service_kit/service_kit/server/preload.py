"""The imports that gunicorn's master does once for all workers."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import django
from django.urls import URLPattern, URLResolver, get_resolver

# Libraries import these if they are installed, for features that no worker uses: test clients, commands, colours.
LEFT_OUT = ("click", "pygments", "requests", "rich")


def import_before_fork() -> None:
    """
    Import settings, apps and views before the fork, so that workers share their memory and start at once.

    Nothing is created that a fork must not share: no application, connection, client or thread.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with _left_out():
        django.setup()
        import_views()
    gc.collect()
    gc.freeze()  # otherwise a collection in a worker writes to shared pages, which copies them


def import_views() -> None:
    """Import the views of every address, which Django would do at the first request. Django is set up."""
    _import_views(get_resolver().url_patterns)


@contextmanager
def _left_out() -> Iterator[None]:
    """Make optional packages look as if they were not installed."""
    names = [name for name in LEFT_OUT if name not in sys.modules]
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment] # a module that is not found
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _import_views(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Import the modules that the patterns name: reading `url_patterns` imports them."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _import_views(pattern.url_patterns)
