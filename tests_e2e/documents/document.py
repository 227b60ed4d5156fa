"""The documents of the repository, their sentences and the code in them."""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from stack.places import REPOSITORY

# After a full stop that neither belongs to code nor abbreviates; a colon ends no sentence.
BETWEEN_SENTENCES = re.compile(r"""(?<=[.?!])[)"']*\s+(?=[^a-z\s])""")


@dataclass(frozen=True)
class Code:
    """Code of a document: between backticks, or a block."""

    section: str  # the heading above it
    text: str
    is_block: bool
    language: str = ""  # of a fenced block


@dataclass(frozen=True)
class Command:
    """A line that a reader may paste into a shell."""

    document: str  # its name
    section: str
    text: str


@dataclass(frozen=True)
class Document:
    """One file of Markdown. `name` is its path in the repository."""

    name: str
    text: str

    @property
    def is_record(self) -> bool:
        """Whether it records what was done: a decision or a changelog."""
        return self.name.startswith("docs/adr/") or self.name.endswith("CHANGELOG.md")

    @property
    def words(self) -> int:
        """How many words `wc -w` counts."""
        return len(self.text.split())

    def sentences(self) -> list[str]:
        """The sentences of paragraphs and lists; headings, tables and code have none."""
        texts = [_prose(token) for before, token in pairwise(self._tokens()) if before.type == "paragraph_open"]
        return [sentence for text in texts for sentence in BETWEEN_SENTENCES.split(text) if words_of(sentence)]

    def codes(self) -> Iterator[Code]:
        """All code, in its order."""
        section = ""
        for before, token in pairwise([Token("", "", 0), *self._tokens()]):
            if before.type == "heading_open":
                section = token.content
            if token.type in {"fence", "code_block"}:
                yield Code(section, token.content, is_block=True, language=token.info)
            for child in token.children or []:
                if child.type == "code_inline":
                    yield Code(section, child.content, is_block=False)

    def addresses(self) -> Iterator[str]:
        """Where its links and pictures lead."""
        for token in self._tokens():
            for child in token.children or []:
                if child.type in {"link_open", "image"}:
                    yield str(child.attrGet("href") or child.attrGet("src"))

    def _tokens(self) -> Sequence[Token]:
        return MarkdownIt("commonmark").enable("table").parse(self.text)


def words_of(sentence: str) -> int:
    """Return how many words a sentence has; a dash or a bracket alone is none."""
    return sum(any(character.isalnum() for character in word) for word in sentence.split())


@cache
def files() -> tuple[str, ...]:
    """The paths of all files of the repository, new ones too, but for what git ignores."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(listed, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return tuple(sorted(name for name in {*done.stdout.split("\0")} if (REPOSITORY / name).is_file()))


def documents() -> list[Document]:
    """Every document of the repository."""
    return [Document(name, (REPOSITORY / name).read_text()) for name in files() if name.endswith(".md")]


def _prose(token: Token) -> str:
    """The text of a paragraph as a reader sees it. Code is marked and ends no sentence; pictures have no words."""
    shown = {"softbreak": " ", "hardbreak": " "}
    parts = (
        f"`{re.sub(r'[.?!] ', ' ', child.content)}`"
        if child.type == "code_inline"
        else shown.get(child.type, child.content)
        for child in token.children or []
        if child.type != "image"
    )
    return "".join(parts)
