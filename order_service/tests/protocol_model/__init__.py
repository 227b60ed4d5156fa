"""
The order protocol as an executable model: read it to learn the protocol, run it to see that it holds.

Start with `states` (the two databases and the network), `order_rows` (every arrow of an order's row) and
`product_service` (one call, one transaction). `placing`, `changing` and `recovering` are the processes that drive them;
`surroundings` is what else happens. `world` lets all of it happen in every order, with every process dying anywhere and
every delivery lost, late, repeated or overtaken; `explorer` visits each state that can come of it, and `invariants`
says what must hold there. `scenarios` are the stories, `simplifications` what a shorter protocol would leave out.

There is no clock: whatever may happen after a time-out may happen at any moment, so safety cannot lean on one.
"""

from tests.protocol_model import invariants, scenarios
from tests.protocol_model.explorer import RESOLVABLE, Exploration, TooManyStatesError, explore
from tests.protocol_model.simplifications import PROTOCOL, Simplified
from tests.protocol_model.world import World

__all__ = [
    "PROTOCOL",
    "RESOLVABLE",
    "Exploration",
    "Simplified",
    "TooManyStatesError",
    "World",
    "explore",
    "invariants",
    "scenarios",
]
