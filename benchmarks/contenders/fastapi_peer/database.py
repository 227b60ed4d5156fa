"""The pool of connections of a process."""

import os

import asyncpg

CONNECTIONS = 16


async def open_pool() -> "asyncpg.Pool[asyncpg.Record]":
    """Connect to the database that DATABASE names: the folder of the server's socket, a colon, its name."""
    folder, name = os.environ["DATABASE"].split(":")
    pool = await asyncpg.create_pool(
        host=folder, database=name, user="postgres", min_size=CONNECTIONS, max_size=CONNECTIONS
    )
    if pool is None:
        raise RuntimeError("asyncpg made no pool")
    return pool
