"""
The statements of order placement, in the dialect of each database: one text for groups of every size.

Rows are passed as one JSON array of arrays, which both databases unpack faster than a driver binds a hundred values.
Outside a transaction each statement commits by itself, which takes one round trip.
"""

from contextlib import AbstractContextManager

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from service_kit.database.clock import NOW_IN_SQL

ROWS = {"postgresql": "json_array_elements(%s)", "sqlite": "json_each(%s)"}
SECONDS_FROM_NOW = {
    "postgresql": f"{NOW_IN_SQL['postgresql']} + make_interval(secs => %s)",
    "sqlite": NOW_IN_SQL["sqlite"].replace("'now'", "'now', %s || ' seconds'"),
}
UUID_TYPE = {"postgresql": "uuid", "sqlite": "char(32)"}
# Inserted in order of owner and key: otherwise two groups could deadlock on the unique index.
INSERT_PLACING = {
    vendor: f"""
    INSERT INTO orders_order (
        reservation_id, owner, idempotency_key, product_id, quantity, placed_quantity, created_at, updated_at,
        next_sync_at, status, placement, failure, product_name, revision, synced_revision, attempts
    )
    SELECT
        CAST(draft.value ->> 0 AS {UUID_TYPE[vendor]}), draft.value ->> 1, draft.value ->> 2,
        CAST(draft.value ->> 3 AS bigint), CAST(draft.value ->> 4 AS integer), CAST(draft.value ->> 4 AS integer),
        {NOW_IN_SQL[vendor]}, {NOW_IN_SQL[vendor]}, {SECONDS_FROM_NOW[vendor]}, 'pending', 'placing', '', '', 1, 0, 0
    FROM {rows} AS draft
    WHERE true
    ORDER BY draft.value ->> 1, draft.value ->> 2
    ON CONFLICT DO NOTHING
    RETURNING CAST(reservation_id AS text), id, CAST(created_at AS text)
    """  # noqa: S608 - the text is this module's own
    for vendor, rows in ROWS.items()
}
# The owner's last pending order that is allowed: it is found in the index, and no further ones are read.
FEWER_OPEN = """NOT EXISTS (
        SELECT 1 FROM orders_order AS pending
        WHERE pending.owner = draft.value ->> 1 AND pending.placement = 'live' AND pending.status = 'pending'
        LIMIT 1 OFFSET %s
    )"""
INSERT_PLACING_LIMITED = {
    vendor: statement.replace("WHERE true", f"WHERE {FEWER_OPEN}") for vendor, statement in INSERT_PLACING.items()
}
# LIMIT gives PostgreSQL the number of rows: it assumes a hundred for any JSON array, and might scan the table.
HELD = {vendor: f"held AS (SELECT value FROM {rows} LIMIT %s)" for vendor, rows in ROWS.items()}  # noqa: S608
MAKE_LIVE = {
    vendor: f"""
    UPDATE orders_order
    SET placement = 'live', synced_revision = 1, next_sync_at = NULL, placed_at = {now}, updated_at = {now},
        product_name = held.value ->> 1, unit_price = CAST(held.value ->> 2 AS numeric(10, 2))
    FROM held
    WHERE orders_order.id = CAST(held.value ->> 0 AS bigint) AND placement = 'placing' AND revision = 1
    """  # noqa: S608 - the text is this module's own
    for vendor, now in NOW_IN_SQL.items()
}
# Each takes the rows and their number. PostgreSQL records the events in the same statement.
CONFIRM = {
    "postgresql": f"""
    WITH {HELD["postgresql"]}, placed AS (
        {MAKE_LIVE["postgresql"]} RETURNING id, placed_at, owner, quantity, held.value ->> 3 AS request_id
    )
    INSERT INTO orders_orderevent (
        transaction, order_id, kind, revision, quantity, status, at, cause, cause_name, request_id
    )
    SELECT pg_current_xact_id()::text::bigint, id, 'placed', 1, quantity, 'pending', placed_at,
        'user', owner, request_id
    FROM placed ORDER BY id
    RETURNING order_id, CAST(at AS text)
    """,  # noqa: S608 - the text is this module's own
    "sqlite": f"WITH {HELD['sqlite']} {MAKE_LIVE['sqlite']} RETURNING id, CAST(placed_at AS text)",
}


def cursor_for(connection: BaseDatabaseWrapper) -> AbstractContextManager[CursorWrapper]:
    """Return a cursor that prepares the statements once for each connection. SQLite's library always does so."""
    if connection.vendor == "postgresql":
        return connection.prepared_cursor()  # type: ignore[attr-defined, no-any-return] # our own backend's
    return connection.cursor()
