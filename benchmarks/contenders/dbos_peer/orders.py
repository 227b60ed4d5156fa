"""order_service: a workflow of two steps, each recorded by DBOS in the database of orders."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import NAMESPACE_OID, uuid4, uuid5

import httpx
import orjson
from dbos import DBOS, SetWorkflowID
from fastapi import FastAPI, Header, Response
from sqlalchemy import create_engine, text

from contenders.dbos_peer.executors import claim_executor
from contenders.fastapi_peer.orders import PlaceOrder, answer

CONNECTIONS = 40  # as many as there are threads for requests
CALL_TIMEOUT = 2.5
ABOVE_ALL = 1_000_000_000  # attempts: a release is repeated until it succeeds
NO_PING = {"pool_pre_ping": False}  # a round trip to the database less at each statement
INSERT = text("""
    INSERT INTO orders_order (owner, product_id, product_name, unit_price, quantity, placed_quantity, status, placement,
        failure, reservation_id, revision, synced_revision, attempts, created_at, updated_at, placed_at)
    VALUES ('', :product_id, :name, :price, :quantity, :quantity, 'pending', 'live', '', :id, 1, 1, 0, :now, :now, :now)
    ON CONFLICT (reservation_id) DO UPDATE SET revision = orders_order.revision
    RETURNING id, created_at
""")
Problem = tuple[int, dict[str, Any]]

database = create_engine(
    os.environ["DATABASE_URL"], isolation_level="AUTOCOMMIT", pool_size=CONNECTIONS, pool_pre_ping=False
)
products = httpx.Client(base_url=os.environ["PRODUCTS_URL"], timeout=CALL_TIMEOUT)


@DBOS.workflow()
def place(product_id: int, quantity: int) -> Problem:
    """Place an order and return status and body of the answer; a repeat gets the recorded one, whatever its body."""
    reservation_id = str(uuid5(NAMESPACE_OID, DBOS.workflow_id or ""))
    try:
        held = reserve(reservation_id, product_id, quantity)
    except Exception:  # noqa: BLE001 - all tries failed, and it is unknown what they did
        DBOS.start_workflow(release, reservation_id, product_id)
        return problem(503, "order-not-placed")
    if held["outcome"] != "held":
        return problem(409, held["outcome"])
    return 201, save(reservation_id, PlaceOrder(product_id=product_id, quantity=quantity), held)


@DBOS.workflow()
def release(reservation_id: str, product_id: int) -> None:
    give_back(reservation_id, product_id)


@DBOS.step(retries_allowed=True, max_attempts=3, interval_seconds=0.1)
def reserve(reservation_id: str, product_id: int, quantity: int) -> dict[str, Any]:
    return put(reservation_id, product_id, quantity, revision=1)


@DBOS.step(retries_allowed=True, max_attempts=ABOVE_ALL, interval_seconds=1, backoff_rate=1)
def give_back(reservation_id: str, product_id: int) -> None:
    put(reservation_id, product_id, 0, revision=2)


@DBOS.step()
def save(reservation_id: str, body: PlaceOrder, held: dict[str, Any]) -> dict[str, Any]:
    """Insert the order, once however often the step runs."""
    price, name = Decimal(held["unit_price"]), held["product_name"]
    values = {"id": reservation_id, "name": name, "price": price, "now": datetime.now(UTC), **body.model_dump()}
    with database.connect() as connection:
        order_id, at = connection.execute(INSERT, values).one()
    return answer(order_id, body, held, created_at=at, updated_at=at)


def put(reservation_id: str, product_id: int, quantity: int, *, revision: int) -> dict[str, Any]:
    item = {"id": reservation_id, "product_id": product_id, "quantity": quantity, "revision": revision}
    response = products.post("/internal/v1/reservations/", json={"reservations": [item]}).raise_for_status()
    reservation: dict[str, Any] = response.json()["reservations"][0]
    return reservation


def problem(status: int, slug: str) -> Problem:
    return status, {"type": f"/problems/{slug}", "title": slug, "status": status}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    with claim_executor() as executor:
        DBOS(
            config={
                "name": "orders",
                "system_database_url": os.environ["DATABASE_URL"],
                "sys_db_pool_size": CONNECTIONS,
                "db_engine_kwargs": NO_PING,
                "executor_id": executor,
                "run_migrations": False,
                "log_level": "WARNING",
            }
        )
        DBOS.launch()
        yield
        DBOS.destroy()


app = FastAPI(lifespan=lifespan, openapi_url=None)


@app.post("/api/v1/orders/")
def place_order(body: PlaceOrder, idempotency_key: Annotated[str | None, Header()] = None) -> Response:
    with SetWorkflowID(idempotency_key or str(uuid4())):
        status, content = place(body.product_id, body.quantity)
    kind = "application/json" if status == 201 else "application/problem+json"  # noqa: PLR2004 - as RFC 9110 numbers it
    return Response(orjson.dumps(content), status, media_type=kind)
