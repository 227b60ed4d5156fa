"""The ids of reservations."""

import random
import time
from uuid import UUID


def new_reservation_id() -> UUID:
    """
    Return a UUID of version 7 (RFC 9562, 5.7): 48 bits of time in milliseconds, then chance.

    What is made at about the same time lies together in the indexes of both services, however many rows they hold.
    Chance is that of Python's generator, which begins anew in each process: an id must be unique, not secret.
    """
    milliseconds = time.time_ns() // 1_000_000
    chance = random.getrandbits(74)
    version_and_variant = (0x7 << 76) | (0b10 << 62)
    return UUID(int=(milliseconds << 80) | version_and_variant | ((chance >> 62) << 64) | (chance & ((1 << 62) - 1)))
