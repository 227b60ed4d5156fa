"""Which text is stored, and which text has anything to see in it: for the API, the forms of the admin, and imports."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

LINE_BREAKS = frozenset("\n\r\t")

# Code points that show nothing: controls, formats, spaces and separators (categories Cc, Cf, Zs, Zl and Zp), the other
# default-ignorable ones, and signs that are drawn as a blank, such as the empty Braille pattern. First and last of each
# range; regular expressions of every make read \uXXXX, but not one notation for what lies above it, so that those
# characters stand in the pattern themselves.
INVISIBLE = (
    r"\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u1680"
    r"\u17b4-\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U00013442\U00016fe4\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
CONTROL = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # those that are not stored: all but line breaks

# What the contract says of texts, as patterns of JSON Schema.
STORABLE_TEXT = f"^[^{CONTROL}]*$"
PRINTED_TEXT = rf"^[^{CONTROL}]*[^\s\x00-\x1f\x7f-\x9f][^{CONTROL}]*$"
INVISIBLE_TEXT = f"^[{INVISIBLE}]*$"
VISIBLE_TEXT: Mapping[str, Any] = {
    "minLength": 1,
    "pattern": PRINTED_TEXT,
    "not": {"type": "string", "pattern": INVISIBLE_TEXT},
}

_visible = re.compile(f"[^{INVISIBLE}]")


def is_storable_text(text: str) -> bool:
    """Whether every database here stores the text: no NUL, no other control character but line breaks, no surrogate."""
    return not any(unicodedata.category(char) in {"Cc", "Cs"} and char not in LINE_BREAKS for char in text)


def is_visible_text(text: str) -> bool:
    """Whether the text shows anything: one character that is no space, joiner, direction mark or filler is enough."""
    return _visible.search(text) is not None


def validate_storable(text: str) -> None:
    """Raise ValidationError if the text of a form has control characters."""
    if not is_storable_text(text):
        raise ValidationError("Control characters are not allowed.", code="not-storable")


def validate_visible(text: str) -> None:
    """Raise ValidationError if nothing of the text of a form is visible."""
    if not is_visible_text(text):
        raise ValidationError("This text shows nothing: it has only spaces and invisible characters.", code="invisible")
