"""Why nothing happened. Each is answered with its status."""


class OrderError(Exception):
    status = 409


class NotSold(OrderError):
    """There is no such product."""


class SoldOut(OrderError):
    """There are fewer units."""


class NotChanged(OrderError):
    """There is no such order of this customer, or its status does not allow the change."""


class Unavailable(OrderError):
    """Nothing was ordered; it is worth another try."""

    status = 503
