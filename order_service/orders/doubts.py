"""What is said of calls to product_service that had no usable answer."""

import logging

import structlog

from products_client import OutcomeUnknown

log = structlog.get_logger(__name__)

OUR_MISTAKES = range(400, 500)
"""Statuses that no repeat can help: a person must mend our request, our token or the way."""


def report_unknown(unknown: OutcomeUnknown, **context: object) -> None:
    """Log an outcome that nobody can tell: a warning if the system copes, an error if a person must act."""
    level = logging.ERROR if unknown.status in OUR_MISTAKES else logging.WARNING
    log.log(level, "outcome unknown", reason=str(unknown), status=unknown.status, **context)
