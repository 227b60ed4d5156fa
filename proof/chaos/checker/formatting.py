"""Formats lines of a history for people."""

from functools import singledispatch

from chaos.history import (
    Entry,
    EventsSeen,
    Fail,
    FaultBegin,
    FaultEnd,
    Info,
    Invoke,
    Memory,
    Note,
    Ok,
    OrdersSeen,
    PhaseBegin,
    PhaseEnd,
    ProductsSeen,
)
from chaos.seen import Answer, OrderSeen


def format_entry(entry: Entry, order_id: int | None = None, product_id: int | None = None) -> str:
    """
    Return one line.

    :param order_id: whose row is shown of a sample.
    :param product_id: whose totals are shown of a sample.
    """
    if isinstance(entry, OrdersSeen):
        text = _orders(entry, order_id)
    elif isinstance(entry, ProductsSeen):
        text = _products(entry, product_id)
    else:
        text = _format(entry)
    return f"{entry.at:10.3f}  {text}"


@singledispatch
def _format(entry: Entry) -> str:
    return type(entry).__name__.lower()


@_format.register
def _(entry: Invoke) -> str:
    return f"#{entry.op:<6} {entry.process} requests: {_request(entry)}"


@_format.register
def _(entry: Ok) -> str:
    return f"#{entry.op:<6} done: {_answer(entry.answer)}"


@_format.register
def _(entry: Fail) -> str:
    return f"#{entry.op:<6} not done: {_answer(entry.answer)}"


@_format.register
def _(entry: Info) -> str:
    return f"#{entry.op:<6} unknown: {_answer(entry.answer) if entry.answer else entry.error}"


@_format.register
def _(entry: FaultBegin) -> str:
    return f"FAULT {entry.fault} begins: {entry.kind} of {entry.target} {entry.detail}".rstrip()


@_format.register
def _(entry: FaultEnd) -> str:
    return f"FAULT {entry.fault} ends"


@_format.register
def _(entry: PhaseBegin) -> str:
    return f"PHASE {entry.phase} begins: {entry.name} {entry.target}".rstrip()


@_format.register
def _(entry: PhaseEnd) -> str:
    return f"PHASE {entry.phase} ends"


@_format.register
def _(entry: Memory) -> str:
    return f"memory of {entry.part} (pid {entry.pid}): {entry.kib / 1024:.1f} MiB"


@_format.register
def _(entry: EventsSeen) -> str:
    return f"the follower applied {len(entry.events)} events"


@_format.register
def _(entry: Note) -> str:
    return f"note: {entry.text}"


def _request(invoke: Invoke) -> str:
    text = {
        "": f"order {invoke.order_id}" if invoke.order_id is not None else "",
        "product": invoke.product_id,
        "quantity": invoke.quantity,
        "delta": invoke.delta,
        "price": invoke.price,
        "name": invoke.name,
        "owner": invoke.owner,
        "key": invoke.key,
        "body": invoke.body or None,
        "duplicate of #": invoke.replay_of,
    }
    parts = [f"{name} {value}".strip() for name, value in text.items() if value not in (None, "")]
    return f"{invoke.kind} {', '.join(parts)}"


def _answer(answer: Answer) -> str:
    parts = [str(answer.status), answer.problem or ""]
    parts += [
        f"order {order.id} (product {order.product_id}, {order.quantity} x {order.unit_price}, {order.status})"
        for order in answer.orders[:3]
    ]
    parts += ["replayed" if answer.replayed else "", f"body {answer.fingerprint}" if answer.fingerprint else ""]
    parts += [f"UNDOCUMENTED: {answer.wrong}" if answer.wrong else ""]
    return " ".join(part for part in parts if part)


def _order(row: OrderSeen) -> str:
    target = f" (to be {row.target_quantity})" if row.target_quantity is not None else ""
    return (
        f"order {row.id} of {row.owner}, key {row.key}: {row.placement} {row.failure} {row.status}, product "
        f"{row.product_id}, quantity {row.quantity}{target} at {row.unit_price}, revision {row.revision}, synced "
        f"{row.synced_revision}, reservation {row.reservation_id}"
    )


def _orders(entry: OrdersSeen, order_id: int | None) -> str:
    shown = "".join(f"; {_order(row)}" for row in entry.rows or () if row.id == order_id)
    return f"orders seen: {entry.live} live, {entry.undecided} undecided, {entry.unsynced} unsynced{shown}"


def _products(entry: ProductsSeen, product_id: int | None) -> str:
    shown = [product for product in entry.products if product_id in (None, product.id)][:5]
    return "products seen: " + "; ".join(
        f"product {product.id}: stock {product.stock} + held {product.held} of {product.adjusted}, {product.price}"
        for product in shown
    )
