"""The names of made-up products: words that many products share, words that some do, and words that ten do."""

import random
from collections.abc import Sequence
from functools import cache

SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvwz" for vowel in "aeiou"]
SHARED_BY_TEN = 10


def _words(count: int, *, syllables: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - made-up data
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(chance.choices(SYLLABLES, k=syllables)).capitalize()] = None
    return list(words)


COMMON: Sequence[str] = _words(100, syllables=3, seed=1)  # each in one product of 100
FREQUENT: Sequence[str] = _words(2000, syllables=4, seed=2)  # each in one product of 2,000


def rare_word(group: int) -> str:
    """The word that the ten products of a group share: the group's number in syllables, its digits well mixed."""
    mixed = group * 2_654_435_761 % 85**5
    letters = []
    for _ in range(5):
        mixed, digit = divmod(mixed, 85)
        letters.append(SYLLABLES[digit])
    return "".join(letters).capitalize()


@cache
def product_name(number: int) -> str:
    """The name of a made-up product; the same number has the same name in a shop of any size."""
    common, frequent = COMMON[number % 100], FREQUENT[number * 7919 % 2000]
    return f"{common} {frequent} {rare_word(number // SHARED_BY_TEN)}"
