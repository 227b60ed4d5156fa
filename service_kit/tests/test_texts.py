"""Texts: what every database here stores, and, where a text must say something, what can be seen."""

import re
import sys
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from service_kit.rest.text import INVISIBLE, VISIBLE_TEXT, is_visible_text, validate_storable, validate_visible
from service_kit.testing.problems import pointers
from tests.world import post_raw, thing_with
from things.models import Thing

pytestmark = pytest.mark.django_db
INVISIBLE_NAMES = [
    *("", "   ", "\u00a0\u2003", "\u200b", "\u200b\u200d\u2060\ufeff", "\u202e", "\u00ad", "\u3164"),
    *("\u115f\u1160", "\ufe0f", "\u2800", "\u2028", "\U000e0020\U000e007f", "\u034f", "\uffa0"),
    *("\U0001d159", "\U00013441\U00013442", "\U00016fe4"),
]
VISIBLE_NAMES = [
    *("Desk lamp", "Café", "Cafe\u0301", "مصباح", "\u200fמנורה\u200f", "نیم\u200cفاصله", "क्\u200dष", "💡"),  # noqa: RUF001 - Hebrew
    *("👩\u200d👩\u200d👧", "❤\ufe0f", "\u200bA", "𠮷", "-"),
]


@pytest.mark.parametrize("name", INVISIBLE_NAMES, ids=ascii)
def test_a_name_of_nothing_visible_is_refused(writer: APIClient, name: str) -> None:
    response = writer.post("/api/v1/things/", {"name": name, "price": "1"})

    assert pointers(response) == ["/name"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize("name", VISIBLE_NAMES, ids=ascii)
def test_a_name_in_any_script_is_welcome(writer: APIClient, name: str) -> None:
    response = writer.post("/api/v1/things/", {"name": name, "price": "1"})

    assert response.json()["name"] == name


@pytest.mark.parametrize("name", [*INVISIBLE_NAMES, *VISIBLE_NAMES], ids=ascii)
def test_the_contract_and_the_forms_of_the_admin_decide_alike(name: str) -> None:
    by_contract = Draft202012Validator({"type": "string", **VISIBLE_TEXT}).is_valid(name)

    assert by_contract == is_visible_text(name) == _is_valid(name)


def _is_valid(name: str) -> bool:
    try:
        validate_visible(name)
    except ValidationError:
        return False
    return True


def test_no_control_format_or_separator_counts_as_visible() -> None:
    invisible = re.compile(f"[{INVISIBLE}]")
    named = {"Cc", "Cf", "Zs", "Zl", "Zp"}

    shown = [code for code in range(sys.maxunicode) if unicodedata.category(chr(code)) in named]

    assert [hex(code) for code in shown if not invisible.fullmatch(chr(code))] == []


NOT_STORABLE = {
    "name": [
        *('"a\\u0000b"', '"a\\u001bb"', '"a\\u007fb"', '"\\ud800"', '"' + "a" * 256 + '"', '" ' + "a" * 255 + '"'),
        *("5", "true", "null", '["Desk lamp"]', "{}"),
    ],
    "note": ["null", "7", '"a\\u0000b"'],  # which may be blank
}


@pytest.mark.parametrize(("field", "json"), [(field, json) for field, texts in NOT_STORABLE.items() for json in texts])
def test_what_is_no_storable_text_of_the_fields_length_is_refused(writer: APIClient, field: str, json: str) -> None:
    response = post_raw(writer, thing_with(field, json))

    assert pointers(response) == [f"/{field}"]
    assert not Thing.objects.exists()


@pytest.mark.parametrize("note", ["", "two\nlines\tand more\r\n", "\u200b"])
def test_a_text_that_may_be_blank_may_show_nothing(writer: APIClient, note: str) -> None:
    response = writer.post("/api/v1/things/", {"name": "Desk lamp", "price": "1", "note": note})

    assert response.status_code == 201


def test_a_form_refuses_control_characters() -> None:
    with pytest.raises(ValidationError):
        validate_storable("a\x1bb")
