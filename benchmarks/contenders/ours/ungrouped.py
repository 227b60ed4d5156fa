"""order_service without group commit: each request has its own transactions and its own call. Runs in its folder."""

from typing import Any

from config.wsgi import application  # type: ignore[import-not-found] # order_service's; it sets Django up
from orders import services  # type: ignore[import-not-found] # order_service's
from orders.placement import place_group  # type: ignore[import-not-found] # order_service's

__all__ = ["application"]


class Ungrouped:
    """Takes the place of `orders.batcher.PlacementBatcher` and places each order in its own thread."""

    def place(self, draft: Any) -> Any:  # noqa: ANN401 - drafts in, orders out
        """Place one order."""
        answer = place_group([draft])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


services.batcher = Ungrouped()
