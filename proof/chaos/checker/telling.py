"""Lines of a history, as a person reads them."""

from functools import singledispatch

from chaos.history import (
    Answer,
    Entry,
    Fail,
    FaultBegin,
    FaultEnd,
    Info,
    Invoke,
    Memory,
    Note,
    Ok,
    OrderSeen,
    OrdersSeen,
    PhaseBegin,
    PhaseEnd,
    ProductsSeen,
)


def tell(entry: Entry, order_id: int | None = None, product_id: int | None = None) -> str:
    """
    Return one line.

    :param order_id: whose row is shown of a sample.
    :param product_id: whose totals are shown of a sample.
    """
    if isinstance(entry, OrdersSeen):
        said = _orders(entry, order_id)
    elif isinstance(entry, ProductsSeen):
        said = _products(entry, product_id)
    else:
        said = _tell(entry)
    return f"{entry.at:10.3f}  {said}"


@singledispatch
def _tell(entry: Entry) -> str:
    return type(entry).__name__.lower()


@_tell.register
def _(entry: Invoke) -> str:
    return f"#{entry.op:<6} {entry.process} asks: {_asked(entry)}"


@_tell.register
def _(entry: Ok) -> str:
    return f"#{entry.op:<6} done: {_answered(entry.answer)}"


@_tell.register
def _(entry: Fail) -> str:
    return f"#{entry.op:<6} not done: {_answered(entry.answer)}"


@_tell.register
def _(entry: Info) -> str:
    return f"#{entry.op:<6} unknown: {_answered(entry.answer) if entry.answer else entry.error}"


@_tell.register
def _(entry: FaultBegin) -> str:
    return f"FAULT {entry.fault} begins: {entry.kind} of {entry.target} {entry.detail}".rstrip()


@_tell.register
def _(entry: FaultEnd) -> str:
    return f"FAULT {entry.fault} ends"


@_tell.register
def _(entry: PhaseBegin) -> str:
    return f"PHASE {entry.phase} begins: {entry.name} {entry.target}".rstrip()


@_tell.register
def _(entry: PhaseEnd) -> str:
    return f"PHASE {entry.phase} ends"


@_tell.register
def _(entry: Memory) -> str:
    return f"memory of {entry.part} (pid {entry.pid}): {entry.kib / 1024:.1f} MiB"


@_tell.register
def _(entry: Note) -> str:
    return f"note: {entry.text}"


def _asked(invoke: Invoke) -> str:
    said = {
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
    words = [f"{name} {value}".strip() for name, value in said.items() if value not in (None, "")]
    return f"{invoke.kind} {', '.join(words)}"


def _answered(answer: Answer) -> str:
    words = [str(answer.status), answer.problem or ""]
    words += [
        f"order {order.id} (product {order.product_id}, {order.quantity} x {order.unit_price}, {order.status})"
        for order in answer.orders[:3]
    ]
    words += ["replayed" if answer.replayed else "", f"body {answer.fingerprint}" if answer.fingerprint else ""]
    words += [f"UNDOCUMENTED: {answer.wrong}" if answer.wrong else ""]
    return " ".join(word for word in words if word)


def _order(row: OrderSeen) -> str:
    target = f" (to be {row.target_quantity})" if row.target_quantity is not None else ""
    return (
        f"order {row.id} of {row.owner}, key {row.key}: {row.placement} {row.failure} {row.status}, product "
        f"{row.product_id}, quantity {row.quantity}{target} at {row.unit_price}, revision {row.revision}, synced "
        f"{row.synced_revision}, reservation {row.reservation_id}"
    )


def _orders(entry: OrdersSeen, order_id: int | None) -> str:
    told = "".join(f"; {_order(row)}" for row in entry.rows or () if row.id == order_id)
    return f"orders seen: {entry.live} live, {entry.in_doubt} in doubt, {entry.unsynced} unsynced{told}"


def _products(entry: ProductsSeen, product_id: int | None) -> str:
    shown = [product for product in entry.products if product_id in (None, product.id)][:5]
    return "products seen: " + "; ".join(
        f"product {product.id}: stock {product.stock} + held {product.held} of {product.adjusted}, {product.price}"
        for product in shown
    )
