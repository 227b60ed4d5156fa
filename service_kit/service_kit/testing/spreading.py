"""The order of the tests of a run."""

from collections.abc import Collection

import pytest


def spread(files: Collection[str], items: list[pytest.Item]) -> None:
    """
    Spread the tests of these files evenly over the run, so that all workers share them.

    Each worker begins with its own part of the run, and takes over what others have not begun when it is done.

    :param files: names of those whose tests take longest.
    """
    longest = [item for item in items if item.path.name in files]
    others = [item for item in items if item.path.name not in files]
    places = {item: place / len(group) for group in (longest, others) for place, item in enumerate(group)}
    items.sort(key=places.__getitem__)
