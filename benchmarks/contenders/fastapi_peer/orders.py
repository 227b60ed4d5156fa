"""order_service: row before call, call, confirmation."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

import aiohttp
import orjson
from fastapi import FastAPI, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contenders.fastapi_peer.database import open_pool

CALL_TIMEOUT = aiohttp.ClientTimeout(total=2.5)
BEGIN = """
    INSERT INTO orders_order (owner, product_id, product_name, quantity, placed_quantity, status, placement, failure,
        reservation_id, revision, synced_revision, attempts, idempotency_key, created_at, updated_at, next_sync_at)
    VALUES ('', $1, '', $2, $2, 'pending', 'placing', '', $3, 1, 0, 0, $4, $5, $5, $6)
    ON CONFLICT DO NOTHING RETURNING id
"""
CONFIRM = """
    UPDATE orders_order SET placement = 'live', synced_revision = 1, next_sync_at = NULL, placed_at = $2,
        updated_at = $2, product_name = $3, unit_price = $4
    WHERE id = $1 AND placement = 'placing' AND revision = 1
"""
REJECT = """
    UPDATE orders_order SET placement = 'failed', failure = $3, synced_revision = 1, next_sync_at = NULL,
        updated_at = $2
    WHERE id = $1 AND placement = 'placing' AND revision = 1
"""
ABORT = """
    UPDATE orders_order SET placement = 'failed', failure = 'aborted', revision = 2, next_sync_at = $2, updated_at = $2
    WHERE id = $1 AND placement = 'placing' AND revision = 1
"""


class PlaceOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    product_id: int = Field(ge=1, lt=2**63)
    quantity: int = Field(ge=1, lt=2**31)


class ProductsUnknown(Exception):
    """It is unknown what product_service did."""


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.pool = await open_pool()
    async with aiohttp.ClientSession(os.environ["PRODUCTS_URL"], timeout=CALL_TIMEOUT) as products:
        app.state.products = products
        yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.post("/api/v1/orders/")
async def place_order(
    body: PlaceOrder, request: Request, idempotency_key: Annotated[str | None, Header()] = None
) -> Response:
    """Place an order: its stock is reserved before it exists."""
    pool, now, reservation_id = request.app.state.pool, datetime.now(UTC), uuid4()
    order_id = await pool.fetchval(
        BEGIN, body.product_id, body.quantity, reservation_id, idempotency_key, now, now + timedelta(seconds=10)
    )
    if order_id is None:
        return problem(409, "idempotency-in-progress")
    try:
        held = await reserve(request.app.state.products, reservation_id, body)
    except ProductsUnknown:
        await pool.execute(ABORT, order_id, datetime.now(UTC))
        return problem(503, "order-not-placed")
    if held["outcome"] != "held":
        await pool.execute(REJECT, order_id, datetime.now(UTC), held["outcome"])
        return problem(409, held["outcome"])
    price, placed_at = Decimal(held["unit_price"]), datetime.now(UTC)
    if await pool.execute(CONFIRM, order_id, placed_at, held["product_name"], price) != "UPDATE 1":
        return problem(503, "order-not-placed")
    order = answer(order_id, body, held, created_at=now, updated_at=placed_at)
    return Response(orjson.dumps(order), 201, media_type="application/json")


async def reserve(products: aiohttp.ClientSession, reservation_id: UUID, body: PlaceOrder) -> dict[str, Any]:
    """
    Have the units held.

    :raises ProductsUnknown: if there was no proper answer.
    """
    item = {"id": reservation_id, "product_id": body.product_id, "quantity": body.quantity, "revision": 1}
    message = orjson.dumps({"reservations": [item]})
    headers = {"Content-Type": "application/json"}
    try:
        async with products.post("/internal/v1/reservations/", data=message, headers=headers) as response:
            if response.status != 200:  # noqa: PLR2004 - as RFC 9110 numbers it
                raise ProductsUnknown
            reservation: dict[str, Any] = orjson.loads(await response.read())["reservations"][0]
            return reservation
    except (aiohttp.ClientError, TimeoutError) as error:
        raise ProductsUnknown from error


def answer(
    order_id: int, body: PlaceOrder, held: dict[str, Any], *, created_at: datetime, updated_at: datetime
) -> dict[str, Any]:
    return {
        "id": order_id,
        "product_id": body.product_id,
        "product_name": held["product_name"],
        "unit_price": held["unit_price"],
        "quantity": body.quantity,
        "total_price": str(Decimal(held["unit_price"]) * body.quantity),
        "status": "pending",
        "created_at": created_at,
        "updated_at": updated_at,
    }


def problem(status: int, slug: str) -> Response:
    body = orjson.dumps({"type": f"/problems/{slug}", "title": slug, "status": status})
    return Response(body, status, media_type="application/problem+json")
