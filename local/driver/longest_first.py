"""Which files of tests begin first."""

from collections.abc import Sequence

import pytest


def begin_with(files: Sequence[str], items: list[pytest.Item]) -> None:
    """
    Let the tests of these files come first, in the order of the files, so that at the end no worker is left with one.

    :param files: their paths in the project. The longest come first; those that keep a processor busy take turns with
        those that wait, so that the workers do not all do the same at once.
    """
    places = {name: place for place, name in enumerate(files)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
