"""The problem types that docs/errors.md documents, one section each."""

import re

SECTION = re.compile(r"^## `?([a-z]+(?:-[a-z]+)*)`?$", re.MULTILINE)


def problems(text: str) -> dict[str, str]:
    """Split the errors page into its problems: the Markdown under each `## slug`."""
    _, *parts = SECTION.split(text)
    return {slug: body.strip() for slug, body in zip(parts[::2], parts[1::2], strict=True)}
