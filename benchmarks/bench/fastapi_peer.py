"""The shop's protocol on FastAPI and asyncpg."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from stack.environment import plain_environment

from bench import ours
from bench.contender import Contender, Program, Site
from bench.load import BENCHMARKS

WORKERS = 2  # for each of the two services


def fastapi_peer(site: Site) -> Contender:
    return replace(
        ours.ours(site),
        name="fastapi",
        title="FastAPI and asyncpg",
        note="The same protocol on the same tables, without group commit: uvicorn with uvloop and httptools, "
        f"{WORKERS} + {WORKERS} processes, pooled connections, prepared statements, aiohttp; no tokens, no logs.",
        programs=_programs,
    )


def _programs(site: Site) -> Sequence[Program]:
    return [
        uvicorn(site, name, module=f"contenders.fastapi_peer.{module}", environment={"DATABASE": site.database(name)})
        for name, module in (("product_service", "products"), ("order_service", "orders"))
    ]


def uvicorn(site: Site, name: str, *, module: str, environment: Mapping[str, str]) -> Program:
    """One of a contender's services, run by uvicorn from the folder of the benchmarks."""
    address = site.socket(name)
    options = ["--uds", address.removeprefix("unix:"), "--workers", str(WORKERS), "--no-access-log"]
    quick = ["--loop", "uvloop", "--http", "httptools", "--log-level", "warning"]
    return Program(
        name=name,
        command=[sys.executable, "-m", "uvicorn", f"{module}:app", *options, *quick],
        folder=BENCHMARKS,
        environment={**plain_environment(), "PRODUCTS_URL": site.internal_url, **environment},
        address=address,
    )
