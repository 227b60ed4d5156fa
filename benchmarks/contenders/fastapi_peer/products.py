"""product_service: desired quantities by revision, a whole batch in one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Field

from contenders.fastapi_peer.database import open_pool

INSERT = """
    INSERT INTO inventory_reservation
        (id, product_id, quantity, asked_quantity, revision, outcome, created_at, updated_at)
    SELECT id, product_id, 0, 0, 0, 'released', $3, $3 FROM unnest($1::uuid[], $2::bigint[]) AS changed (id, product_id)
    ORDER BY id ON CONFLICT (id) DO NOTHING
"""
LOCK = """
    SELECT id, product_id, quantity, asked_quantity, revision, outcome, unit_price, product_name
    FROM inventory_reservation WHERE id = ANY($1) ORDER BY id FOR UPDATE
"""
LOCK_PRODUCTS = """
    SELECT id, name, price, stock_quantity, is_active FROM products_product WHERE id = ANY($1) ORDER BY id FOR UPDATE
"""
TAKE = """
    UPDATE products_product SET stock_quantity = stock_quantity - taken.units, updated_at = $3
    FROM unnest($1::bigint[], $2::bigint[]) AS taken (id, units) WHERE products_product.id = taken.id
"""
WRITE = """
    UPDATE inventory_reservation
    SET quantity = changed.quantity, asked_quantity = changed.asked, revision = changed.revision,
        outcome = changed.outcome, unit_price = changed.price, product_name = changed.name, updated_at = $8
    FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::numeric[], $7::text[])
        AS changed (id, quantity, asked, revision, outcome, price, name)
    WHERE inventory_reservation.id = changed.id
"""


class Desired(BaseModel):
    id: UUID
    product_id: int = Field(ge=1, lt=2**63)
    quantity: int = Field(ge=0, lt=2**31)
    revision: int = Field(ge=1, lt=2**31)


class Batch(BaseModel):
    reservations: Annotated[list[Desired], Field(min_length=1, max_length=100)]


@dataclass
class Row:
    """A reservation, locked."""

    id: UUID
    product_id: int
    quantity: int
    asked_quantity: int
    revision: int
    outcome: str
    unit_price: Decimal | None
    product_name: str | None

    def settle(self, desired: Desired, stock: dict[int, int], products: dict[int, asyncpg.Record]) -> str:
        """Apply a desired quantity if it is news. Return the outcome to answer."""
        if desired.revision < self.revision:
            return "stale-revision"
        if desired.product_id != self.product_id:
            return "revision-conflict"
        if desired.revision == self.revision:
            return self.outcome if desired.quantity == self.asked_quantity else "revision-conflict"
        more, product = desired.quantity - self.quantity, products.get(self.product_id)
        self.revision, self.asked_quantity = desired.revision, desired.quantity
        if more > 0 and (product is None or not product["is_active"]):
            self.outcome = "product-not-found"
        elif more > stock.get(self.product_id, 0):
            self.outcome = "insufficient-stock"
        else:
            self.quantity, self.outcome = desired.quantity, "held" if desired.quantity else "released"
            if product is not None:
                stock[self.product_id] -= more
                if more > 0 and self.unit_price is None:
                    self.unit_price, self.product_name = product["price"], product["name"]
        return self.outcome


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await open_pool()
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.post("/internal/v1/reservations/")
async def put_reservations(batch: Batch, request: Request) -> Response:
    """Apply desired quantities, each only if its revision is newer."""
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        settled = await settle(connection, batch.reservations)
    return Response(orjson.dumps({"reservations": settled}), media_type="application/json")


async def settle(connection: Any, desired: list[Desired]) -> list[dict[str, Any]]:  # noqa: ANN401 - a pool's proxy
    now, ids = datetime.now(UTC), [item.id for item in desired]
    await connection.execute(INSERT, ids, [item.product_id for item in desired], now)
    rows = {row["id"]: Row(**row) for row in await connection.fetch(LOCK, ids)}
    locked = await connection.fetch(LOCK_PRODUCTS, list({row.product_id for row in rows.values()}))
    products = {product["id"]: product for product in locked}
    stock = {product["id"]: product["stock_quantity"] for product in locked}

    outcomes = [rows[item.id].settle(item, stock, products) for item in desired]

    taken = {id_: products[id_]["stock_quantity"] - left for id_, left in stock.items()}
    await connection.execute(TAKE, list(taken), list(taken.values()), now)
    new = [rows[id_] for id_ in ids]
    await connection.execute(
        WRITE,
        ids,
        [row.quantity for row in new],
        [row.asked_quantity for row in new],
        [row.revision for row in new],
        [row.outcome for row in new],
        [row.unit_price for row in new],
        [row.product_name for row in new],
        now,
    )
    return [
        {
            "id": str(row.id),
            "outcome": outcome,
            "quantity": row.quantity,
            "revision": row.revision,
            "unit_price": None if row.unit_price is None else str(row.unit_price),
            "product_name": row.product_name,
        }
        for row, outcome in zip(new, outcomes, strict=True)
    ]
