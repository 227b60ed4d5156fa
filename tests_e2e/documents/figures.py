"""How long the documents and their sentences are, and how long they may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.document import Document, words_of

WORDS_AT_MOST = 20_000  # in all documents together, but for records
SENTENCE_AT_MOST = 22  # words
SHORT_AT_LEAST = 0.9  # of all sentences


@dataclass(frozen=True)
class Figures:
    """The lengths of one document, or of several together."""

    words: int
    sentences: int
    short: int  # sentences

    @property
    def share(self) -> float:
        """How many of the sentences are short."""
        return self.short / self.sentences if self.sentences else 1.0

    @property
    def are_kept(self) -> bool:
        """Whether all limits are kept."""
        return self.words <= WORDS_AT_MOST and self.share >= SHORT_AT_LEAST

    def __str__(self) -> str:
        return f"{self.words:6,} words, {self.share:5.1%} of {self.sentences:5,} sentences are short"


def measure(documents: Sequence[Document]) -> Figures:
    """Measure documents together. Records do not count."""
    counted = [document for document in documents if not document.is_record]
    lengths = [words_of(sentence) for document in counted for sentence in document.sentences()]
    return Figures(
        words=sum(document.words for document in counted),
        sentences=len(lengths),
        short=sum(length <= SENTENCE_AT_MOST for length in lengths),
    )


def report(documents: Sequence[Document]) -> str:
    """Describe the figures in a line; those of each document too, if a limit is missed."""
    together = measure(documents)
    limits = f"at most {WORDS_AT_MOST:,} words, {SHORT_AT_LEAST:.0%} of at most {SENTENCE_AT_MOST} words"
    each = (f"{measure([document])}: {document.name}" for document in documents if not document.is_record)
    return "\n".join([*(() if together.are_kept else each), f"{together}: documents ({limits})"])
