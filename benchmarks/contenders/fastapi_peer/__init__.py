"""
The shop's protocol as two FastAPI services on asyncpg, each request for itself: no group commit.

They use the tables of the shop's own services. They verify no tokens and write no logs, and have no reconciler.
"""
