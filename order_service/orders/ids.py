"""The ids of reservations."""

import random
import time
from uuid import UUID


def new_reservation_id() -> UUID:
    """
    Return a UUID of version 7 (RFC 9562, 5.7): 48 bits of time in milliseconds, then random bits.

    Ids of about the same time lie together in the indexes of both services, so that an insert touches few pages.
    The random bits are those of Python's generator, seeded anew in each process: an id must be unique, not secret.
    """
    milliseconds = time.time_ns() // 1_000_000
    bits = random.getrandbits(74)
    version_and_variant = (0x7 << 76) | (0b10 << 62)
    return UUID(int=(milliseconds << 80) | version_and_variant | ((bits >> 62) << 64) | (bits & ((1 << 62) - 1)))
