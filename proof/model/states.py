"""
The state of the whole system: two databases, the network between them, and every process.

All of it is tuples, so that a state can be hashed, compared and put in a set. A row keeps its place for ever: place i
of `orders` and place i of `reservations` are the two ends of one reservation id, and an id is never used twice.
"""

from typing import Final, NamedTuple


class Placement:
    """The placement of an order row. Only live orders are visible."""

    PLACING: Final = "placing"
    LIVE: Final = "live"
    REJECTED: Final = "failed(rejected)"
    ABORTED: Final = "failed(aborted)"


class Status:
    """The public status of an order row."""

    PENDING: Final = "pending"
    SHIPPED: Final = "shipped"
    CANCELED: Final = "canceled"


class Outcome:
    """The outcome of a reservation item."""

    HELD: Final = "held"
    RELEASED: Final = "released"
    INSUFFICIENT: Final = "insufficient-stock"
    NOT_FOUND: Final = "product-not-found"
    PRICE_CHANGED: Final = "price-changed"
    STALE: Final = "stale-revision"
    CONFLICT: Final = "revision-conflict"


class Phase:
    """How far a process has got in its own program."""

    IDLE: Final = "idle"
    RECORDED: Final = "recorded"
    CALLED: Final = "called"
    READ: Final = "read"
    DONE: Final = "done"
    DEAD: Final = "dead"


UNDER_WAY: Final = (Phase.RECORDED, Phase.CALLED, Phase.READ)
NO_TARGET: Final = 0
NEVER_SYNCED: Final = 0

NOT_PLACED: Final = "503 order-not-placed"
NOT_CHANGED: Final = "503 order-not-changed"
CHANGED: Final = "200"
REFUSED_STATUS: Final = {Outcome.INSUFFICIENT: "409", Outcome.NOT_FOUND: "422"}


class Item(NamedTuple):
    """One line of a reservations call: hold `quantity` for reservation `row`, if `revision` is new."""

    row: int
    product: int
    quantity: int
    revision: int


class Reply(NamedTuple):
    """The answer to one item: its outcome, and the reservation as it stands after it."""

    outcome: str
    quantity: int
    revision: int


Call = tuple[Item, ...]
Replies = tuple[Reply, ...]


class Product(NamedTuple):
    """A product's row. `received` is the sum of its stock adjustments, the initial stock included."""

    stock: int
    received: int
    price: int = 1
    active: bool = True


class Reservation(NamedTuple):
    """
    product_service's row of one reservation id, refusals included.

    `mispriced` is no column: whether a unit was taken at another price than the product had at that moment.
    """

    product: int
    quantity: int = 0
    revision: int = 0
    outcome: str = Outcome.RELEASED
    price: int | None = None
    mispriced: bool = False


class Order(NamedTuple):
    """An order's row. `parcel` is no column: it is the quantity that was really shipped."""

    key: str
    product: int
    quantity: int
    placement: str = Placement.PLACING
    status: str = Status.PENDING
    revision: int = 1
    synced: int = NEVER_SYNCED
    target: int = NO_TARGET
    saved_answer: str = ""
    parcel: int = 0

    @property
    def desired_quantity(self) -> int:
        return self.quantity if self.placement == Placement.LIVE and self.status != Status.CANCELED else 0

    @property
    def is_settled(self) -> bool:
        """Whether the row itself claims that product_service agrees with it."""
        return self.placement != Placement.PLACING and self.target == NO_TARGET and self.synced == self.revision


class Actor(NamedTuple):
    """
    One process: its step, the rows it drives, its call, and the replies to it.

    `answers` is what its caller gets in the end. If a process dies before it answers, only that caller knows less, so
    the model gives the answer with the last step.
    """

    step: str = Phase.IDLE
    rows: tuple[int, ...] = ()
    call: Call = ()
    inbox: Replies = ()
    answers: tuple[str, ...] = ()
    seen: int = 0


class Backup(NamedTuple):
    """A copy of one service's tables, from some earlier moment."""

    orders: tuple[Order | None, ...] = ()
    products: tuple[Product, ...] = ()
    reservations: tuple[Reservation | None, ...] = ()


class State(NamedTuple):
    """
    The whole system between two steps.

    `network` holds every call that was ever sent: a call may be delivered at once, late, twice, after younger ones, or
    not at all. Only the retention ends that (surroundings.Deleting). `half_done` is empty unless stock is updated
    without a lock.
    """

    products: tuple[Product, ...]
    reservations: tuple[Reservation | None, ...]
    orders: tuple[Order | None, ...]
    actors: tuple[Actor, ...]
    network: tuple[Call, ...] = ()
    half_done: tuple[tuple[Call, tuple[int, ...]], ...] = ()
    backup: Backup | None = None
    restored: str = ""

    def with_order(self, row: int, order: Order) -> "State":
        return self._replace(orders=(*self.orders[:row], order, *self.orders[row + 1 :]))

    def with_actor(self, place: int, actor: Actor) -> "State":
        return self._replace(actors=(*self.actors[:place], actor, *self.actors[place + 1 :]))

    def with_product(self, place: int, product: Product) -> "State":
        return self._replace(products=(*self.products[:place], product, *self.products[place + 1 :]))

    def order(self, row: int) -> Order:
        """Return the row's order, which must not have been lost by a restore."""
        order = self.orders[row]
        if order is None:
            raise LookupError(f"row {row} was lost")
        return order

    def find(self, key: str) -> int | None:
        """Return the row that the partial unique constraint lets `key` have: the one that is not aborted."""
        for row, order in enumerate(self.orders):
            if order is not None and order.key == key and order.placement != Placement.ABORTED:
                return row
        return None

    def find_live(self, key: str) -> int | None:
        """Return the visible order placed with `key`: the live one."""
        for row, order in enumerate(self.orders):
            if order is not None and order.key == key and order.placement == Placement.LIVE:
                return row
        return None


class Move(NamedTuple):
    """One possible step, and the state after it. `concerns` is its call, if it has one."""

    what: str
    after: State
    concerns: Call = ()

    def __str__(self) -> str:
        items = (f"(row {item.row}, quantity {item.quantity}, revision {item.revision})" for item in self.concerns)
        return " ".join((self.what, *items))
