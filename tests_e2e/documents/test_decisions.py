"""The records of decisions: the index has each of them, and what is superseded is said on both sides."""

import re

from documents.document import Document, documents

PAGES = {page.name.removeprefix("docs/adr/"): page for page in documents() if page.name.startswith("docs/adr/")}
INDEX = PAGES.pop("README.md")
ENTRY = re.compile(r"^- \[(\d{4})\]\((\S+)\) (.*?)(?: \(superseded by .*\))?$", re.MULTILINE)


def named_under_title(page: Document, beginning: str) -> set[str]:
    """The records that the lines between the title and the first heading name after a word."""
    before = page.text.partition("\n## ")[0]
    sentences = [sentence for sentence in re.split(r"(?<=[.:])\s", before.replace("\n", " ")) if beginning in sentence]
    return {name for sentence in sentences for name in re.findall(r"\]\(([^)]+)\)", sentence)}


def test_the_index_has_every_record_by_its_number_and_title() -> None:
    listed = {name: f"# {number}. {title}" for number, name, title in ENTRY.findall(INDEX.text)}

    assert listed == {name: page.text.partition("\n")[0] for name, page in PAGES.items()}


def test_a_superseded_record_names_the_one_that_says_so_too() -> None:
    superseded = {(old, new) for old, page in PAGES.items() for new in named_under_title(page, "Superseded")}
    supersedes = {(old, new) for new, page in PAGES.items() for old in named_under_title(page, "Supersedes")}

    assert superseded == supersedes
    assert ("0021-no-shared-package.md", "0037-one-kit-under-all-services.md") in superseded


def test_the_index_marks_what_is_superseded_as_a_whole() -> None:
    whole = {name for name, page in PAGES.items() if re.search(r"^Superseded by ", page.text, re.MULTILINE)}

    assert whole == {found[1] for found in re.finditer(r"\]\((\S+)\) .*\(superseded by ", INDEX.text)}
