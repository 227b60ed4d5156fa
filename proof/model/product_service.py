"""product_service's side: one call is one transaction, so in the model it is one step."""

from model.simplifications import Simplified
from model.states import Call, Item, Outcome, Product, Replies, Reply, Reservation, State


def reserve(state: State, call: Call, simplified: Simplified) -> tuple[State, Replies]:
    """
    Apply a batch in the order given and commit. Return the state after it and one reply for each item.

    A process that dies before the commit has done nothing: that is a call which was lost. One that dies after it has
    done everything but answer: that is a reply which was lost.
    """
    products, reservations = list(state.products), list(state.reservations)
    replies = []
    is_changed = False
    for item in call:
        row = reservations[item.row]
        product, after, outcome = settle(
            products[item.product], Reservation(item.product) if row is None else row, item, simplified
        )
        is_changed |= after is not row
        products[item.product] = product
        if after is None:
            replies.append(Reply(outcome, row.quantity if row else 0, row.revision if row else item.revision))
            continue
        reservations[item.row] = after
        replies.append(Reply(outcome, after.quantity, after.revision))
    if is_changed:
        state = state._replace(products=tuple(products), reservations=tuple(reservations))
    return state, tuple(replies)


def settle(
    product: Product, row: Reservation, item: Item, simplified: Simplified
) -> tuple[Product, Reservation | None, str]:
    """Return the product, the reservation to write (None: none is) and the outcome of one item."""
    if not simplified.no_revision:
        if item.revision < row.revision:
            return product, row, Outcome.STALE
        if item.revision == row.revision:
            return product, row, stored_outcome(row, item)
    if simplified.no_tombstone and row.revision == 0 and item.quantity == 0:
        return product, None, Outcome.RELEASED

    delta = item.quantity - row.quantity
    refusal = refusal_of(product, row, delta, simplified) if delta > 0 else ""
    if refusal:
        # R4 sticky outcomes: the revision advances, the quantity stays.
        if simplified.refusal_not_remembered:
            return product, None, refusal
        return product, row._replace(revision=item.revision, outcome=refusal), refusal
    outcome = Outcome.HELD if item.quantity else Outcome.RELEASED
    price = product.price if row.price is None and delta > 0 else row.price
    mispriced = row.mispriced or (delta > 0 and price != product.price)
    return (
        product._replace(stock=product.stock - delta),
        Reservation(item.product, item.quantity, item.revision, outcome, price, mispriced),
        outcome,
    )


def refusal_of(product: Product, row: Reservation, delta: int, simplified: Simplified) -> str:
    """Return why no more units are taken; "" if they are."""
    if not product.active:
        return Outcome.NOT_FOUND
    if row.quantity and row.price != product.price and not simplified.more_units_at_an_old_price:
        return Outcome.PRICE_CHANGED
    return Outcome.INSUFFICIENT if product.stock < delta else ""


def stored_outcome(row: Reservation, item: Item) -> str:
    """
    Answer a repeated revision again.

    A refusal left the quantity as it was, so the row does not have the requested quantity: it is answered as it
    was. The reply's own quantity says what is held (R5), which is all that the caller acts upon.
    """
    if row.outcome in (Outcome.HELD, Outcome.RELEASED) and (row.quantity, row.product) != (item.quantity, item.product):
        return Outcome.CONFLICT
    return row.outcome
