"""order_service without group commit: each request has its own transactions and its own call. Runs in its folder."""

from typing import Any

from config.wsgi import application  # type: ignore[import-not-found] # order_service's; it sets Django up
from orders.group_commit import GroupCommit  # type: ignore[import-not-found] # order_service's

__all__ = ["application"]


def submit(self: Any, item: Any, **_: float) -> Any:  # noqa: ANN401 - drafts in, orders out
    """Commit one item in its own thread. It waits for no group, so the time limits of waiting do not apply."""
    answer = self._commit([item])[0]
    if isinstance(answer, Exception):
        raise answer
    return answer


GroupCommit.submit = submit
