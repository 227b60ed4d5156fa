"""Made-up names repeat words as often as the searches rely on."""

from collections import Counter

from bench.words import BROAD, COMMON, FREQUENT, product_names, rare_word

PRODUCTS = 20_000


def test_words_are_shared_by_as_many_products_as_they_say() -> None:
    names = product_names(PRODUCTS)

    shared = [Counter(words) for words in zip(*(name.split()[-3:] for name in names), strict=True)]

    assert {shared[0][word] for word in COMMON} == {PRODUCTS // 100}
    assert {shared[1][word] for word in FREQUENT} == {PRODUCTS // 2000}
    assert {shared[2][rare_word(group)] for group in range(1, PRODUCTS // 10)} == {10}


def test_the_broad_word_begins_the_names_that_come_last() -> None:
    names = sorted(product_names(PRODUCTS))

    assert all(name.startswith(BROAD) for name in names[-6000:])
    assert not any(BROAD in name for name in names[:-6000])
