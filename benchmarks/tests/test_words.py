"""Made-up names repeat words as often as the searches rely on."""

from collections import Counter

from bench.words import COMMON, FREQUENT, product_name, rare_word

PRODUCTS = 20_000


def test_words_are_shared_by_as_many_products_as_they_say() -> None:
    names = [product_name(number).split() for number in range(PRODUCTS)]

    shared = [Counter(words) for words in zip(*names, strict=True)]

    assert {shared[0][word] for word in COMMON} == {PRODUCTS // 100}
    assert {shared[1][word] for word in FREQUENT} == {PRODUCTS // 2000}
    assert {shared[2][rare_word(group)] for group in range(PRODUCTS // 10)} == {10}
