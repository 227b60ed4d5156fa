"""What counts as a word and as a sentence, and when a limit is missed."""

import pytest

from documents.document import Document
from documents.figures import SENTENCE_AT_MOST, WORDS_AT_MOST, Figures, measure, report

TEXT = """\
# A heading is no sentence. None at all

The first sentence has `code. In it` and
a [link](there.md): it goes on after the colon. The second (in brackets.) Here is a third, of 2.5 s!

- An item is one
- and so is this.

| a table. | has none. |
|---|---|

```sh
echo code. Has none.
```
"""


def of_length(words: int) -> str:
    return f"{'word ' * (words - 1)}end."


def test_sentences_are_those_of_paragraphs_and_lists() -> None:
    assert Document("page.md", TEXT).sentences() == [
        "The first sentence has `code In it` and a link: it goes on after the colon.",
        "The second (in brackets.",
        "Here is a third, of 2.5 s!",
        "An item is one",
        "and so is this.",
    ]


def test_words_are_counted_as_wc_counts_them() -> None:
    assert Document("page.md", "| a | b |\n\n- `make run`\n").words == 8


def test_a_sentence_of_the_longest_length_is_short_and_a_longer_one_is_not() -> None:
    figures = measure([Document("page.md", f"{of_length(SENTENCE_AT_MOST)}\n\n{of_length(SENTENCE_AT_MOST + 1)}")])

    assert (figures.sentences, figures.short) == (2, 1)


@pytest.mark.parametrize("name", ["docs/adr/0001-a-decision.md", "docs/adr/README.md", "order_service/CHANGELOG.md"])
def test_records_may_be_as_long_as_they_are(name: str) -> None:
    assert measure([Document(name, TEXT)]) == Figures(words=0, sentences=0, short=0)


@pytest.mark.parametrize(
    ("figures", "kept"),
    [
        (Figures(words=WORDS_AT_MOST, sentences=100, short=90), True),
        (Figures(words=WORDS_AT_MOST + 1, sentences=100, short=90), False),
        (Figures(words=WORDS_AT_MOST, sentences=100, short=89), False),
    ],
)
def test_both_limits_hold(figures: Figures, kept: bool) -> None:  # noqa: FBT001 - a row of the table
    assert figures.are_kept is kept


def test_a_missed_limit_names_each_document_with_its_figures() -> None:
    short, long = Document("short.md", of_length(3)), Document("long.md", of_length(30))

    lines = report([short, long]).splitlines()

    assert [line.split(": ")[-1] for line in lines[:2]] == ["short.md", "long.md"]
    assert lines[-1].startswith("    33 words, 50.0% of     2 sentences are short: documents (at most 20,000 words")
    assert len(report([short]).splitlines()) == 1
