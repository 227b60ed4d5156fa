"""order_service without group commit: each request has its own transactions and its own call. Runs in its folder."""

from typing import Any

from config.wsgi import application  # type: ignore[import-not-found] # order_service's; it sets Django up
from orders import services  # type: ignore[import-not-found] # order_service's
from orders.placing import place_group  # type: ignore[import-not-found] # order_service's

__all__ = ["application"]


class Ungrouped:
    """Takes the place of `orders.group_commit.GroupCommit` and commits each item in its own thread."""

    def submit(self, item: Any, *, patience: float, limit: float) -> Any:  # noqa: ANN401 - drafts in, orders out
        """Place one order. Nobody waits for a group, so the limits of waiting mean nothing here."""
        answer = place_group([item])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


services.placings = Ungrouped()
