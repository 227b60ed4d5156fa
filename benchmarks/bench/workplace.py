"""The temporary folder of a run, with the database server, keys and tokens; removed at its end."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.guard import Guard
from stack.keys import SCOPES, make_keys, sign_token

from bench.contender import Contender, Site
from bench.progress import say
from bench.rounds import TOKEN_SECONDS, Bench
from bench.server import DatabaseServer

CUSTOMERS = 1000


@contextmanager
def open_bench() -> Iterator[Bench]:
    """Start what all contenders share, and leave nothing behind."""
    with Guard() as guard:
        folder = Path(tempfile.mkdtemp(prefix="bench-"))  # short: the address of a socket holds about 100 bytes
        guard.remove(folder)
        keys = make_keys(folder / "keys")
        tokens = folder / "tokens"
        tokens.write_text(
            "".join(
                sign_token(keys, subject=f"customer-{n}", scope=SCOPES["customer"], seconds=TOKEN_SECONDS) + "\n"
                for n in range(CUSTOMERS)
            )
        )
        with DatabaseServer(guard, log=folder / "postgresql.log") as server:
            site = Site(folder=folder, server=server, keys=keys)
            yield Bench(guard=guard, site=site, tokens=tokens)


def make_stores(contenders: Iterable[Contender], *, products: int) -> None:
    """Make each database that any of the contenders starts from, once."""
    stores = {store.name: store for contender in contenders for store in contender.stores}
    for store in stores.values():
        say(f"Making the database {store.name} ...")
        store.make(products=products)
