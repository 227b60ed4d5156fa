"""How the contract describes the strict fields: by schemas that validators of every make read alike."""

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema

from service_kit.rest.text import STORABLE_TEXT, VISIBLE_TEXT

Direction = Literal["request", "response"]


class DecimalSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """
    A decimal is a string in plain notation, or a number.

    There is no `multipleOf`: validators divide binary fractions, and refuse 19.99. That a number has no more decimal
    places than the string may have is in the description instead.
    """

    target_class = "service_kit.rest.fields.StrictDecimalField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        places = self.target.decimal_places
        whole = self.target.max_digits - places
        sign = "" if self.target.min_value is not None and self.target.min_value >= 0 else "-?"
        largest = float(f"{10**whole - 1}.{'9' * places}")
        smallest = -largest if self.target.min_value is None else float(self.target.min_value)
        return {
            "anyOf": [
                {"type": "string", "pattern": rf"^{sign}(0|[1-9][0-9]{{0,{whole - 1}}})(\.[0-9]{{1,{places}}})?$"},
                {
                    "type": "number",
                    "minimum": smallest,
                    "maximum": largest,
                    "description": f"With at most {places} decimal places.",
                },
            ]
        }


class TextSchema(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """A text has no control characters; one that may not be blank has something to see in it."""

    target_class = "service_kit.rest.fields.StrictCharField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "string"}
        if self.target.max_length is not None:
            schema["maxLength"] = self.target.max_length
        if self.target.allow_blank:
            return {**schema, "pattern": STORABLE_TEXT}
        return {**schema, **VISIBLE_TEXT}
