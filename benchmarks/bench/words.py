"""The names of made-up products: words that many products share, words that some do, and words that ten do."""

import random
from collections.abc import Sequence

CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxyz", "aeiou"
# About as many different trigrams as real names have: "ba", "bab", "bac", ...
SYLLABLES = [first + vowel + last for first in CONSONANTS for vowel in VOWELS for last in ("", *CONSONANTS)]
SHARED_BY_TEN = 10
BROAD, BROAD_SHARE = "Zzyzx", 0.3  # begins the names of the last products, which come last by name too


def _words(count: int, *, syllables: int, seed: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - made-up data
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(chance.choices(SYLLABLES, k=syllables)).capitalize()] = None
    return list(words)


COMMON: Sequence[str] = _words(100, syllables=2, seed=1)  # each in one product of 100
FREQUENT: Sequence[str] = _words(2000, syllables=3, seed=2)  # each in one product of 2,000


def rare_word(group: int) -> str:
    """The word that the ten products of a group share: the group's number in syllables, its digits well mixed."""
    base = len(SYLLABLES)
    mixed = group * 2_654_435_761 % base**3
    letters = []
    for _ in range(3):
        mixed, digit = divmod(mixed, base)
        letters.append(SYLLABLES[digit])
    return "".join(letters).capitalize()


def product_names(count: int) -> list[str]:
    """The names of the products of a shop of this size, in order of their numbers."""
    plain = int(count * (1 - BROAD_SHARE))
    return [_name(n) if n <= plain else f"{BROAD} {_name(n)}" for n in range(1, count + 1)]


def _name(number: int) -> str:
    common, frequent = COMMON[number % 100], FREQUENT[number * 7919 % 2000]
    return f"{common} {frequent} {rare_word(number // SHARED_BY_TEN)}"
