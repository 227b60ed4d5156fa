"""All contenders, by name."""

from collections.abc import Callable, Mapping

from bench.contender import Contender, Site
from bench.dbos_peer import dbos_peer
from bench.fastapi_peer import fastapi_peer
from bench.monoliths import article, grouped, guarded, guarded_grouped, monolith, trimmed, usual
from bench.ours import on_sqlite, ours, ungrouped
from bench.usual_port import usual_port

LINEUP: Mapping[str, Callable[[Site], Contender]] = {
    "ours": ours,
    "grouped": grouped,
    "guarded_grouped": guarded_grouped,
    "monolith": monolith,
    "guarded": guarded,
    "usual": usual,
    "trimmed": trimmed,
    "article": article,
    "usual_port": usual_port,
    "fastapi": fastapi_peer,
    "dbos": dbos_peer,
    "ungrouped": ungrouped,
    "sqlite": on_sqlite,
}
HEADLINE = ("ours", "grouped", "monolith", "usual")
