"""
The order protocol as an executable model.

Start with `states` (the two databases and the network), `order_rows` (every transition of an order's row) and
`product_service` (one call, one transaction). The processes that drive them are in `placement`, `changing` and
`recovering`; `surroundings` has whatever else happens. `scenario` lets all of it happen in every order: every process
may die at any step, and every delivery may be lost, late, repeated or overtaken. `explorer` visits each reachable
state, and `invariants` says what must hold there. `scenarios` lists what is explored, `simplifications` the parts of
the protocol that can be left out.

There is no clock: what may happen after a timeout may happen at any moment, so safety cannot depend on one.
"""

from model import invariants, scenarios
from model.explorer import RESOLVABLE, Exploration, TooManyStatesError, explore
from model.scenario import Scenario
from model.simplifications import PROTOCOL, Simplified

__all__ = [
    "PROTOCOL",
    "RESOLVABLE",
    "Exploration",
    "Scenario",
    "Simplified",
    "TooManyStatesError",
    "explore",
    "invariants",
    "scenarios",
]
