"""The serializers that everything of this API is declared with: what comes in, and what goes out."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, cached_property
from heapq import nsmallest
from typing import Any, ClassVar

import msgspec
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from service_kit.rest.ids import LARGEST_ID
from service_kit.rest.mistakes import LONGEST_ECHO, MOST_ERRORS, unlisted

# Comments instead of docstrings: what stands there is inherited, and published as the description of each body.


def _as_declared(field: Any) -> Callable[[Any], Any]:
    write: Callable[[Any], Any] = field.to_representation
    return write


def _as_decimal(field: Any) -> Callable[[Any], str]:
    form = f".{field.decimal_places}f"
    return lambda value: format(value, form)


def _as_moment(moment: datetime) -> str:
    text: str = msgspec.to_builtins(moment.astimezone(UTC))  # as `isoformat` does, in an eighth of its time
    return text


# The id of something, as it goes out.
class IdField(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 1, "max_value": LARGEST_ID, **kwargs})


# How a field's values are written, given the field. DRF asks the time zone, the context and the settings at each value.
PLAIN: Mapping[type, Callable[[Any], Callable[[Any], Any]]] = {
    serializers.IntegerField: lambda _: int,
    IdField: lambda _: int,
    serializers.CharField: lambda _: str,
    serializers.ChoiceField: lambda _: str,
    serializers.UUIDField: lambda _: str,
    serializers.DecimalField: _as_decimal,
    serializers.DateTimeField: lambda _: _as_moment,
}


# What comes in. It refuses what it does not know, instead of dropping it silently.
class StrictSerializer(serializers.Serializer[Any]):
    fewest_fields: ClassVar[int] = 0  # that a body must have, where no field is required

    @classmethod
    def parse(cls, data: Any, *, partial: bool = False) -> dict[str, Any]:
        """
        Validate a body, and return its values by field.

        :param partial: whether required fields may be left out.
        :raises ValidationError: naming everything that is wrong with it.
        """
        values: dict[str, Any] = _shared(cls, partial=partial).run_validation(data)
        return values

    def to_internal_value(self, data: Any) -> Any:
        """
        Validate the declared fields, and refuse undeclared and read-only ones.

        :raises ValidationError: code `unknown-field` for the first 20 of them, and how many more there are; code
            `required` if there are too few fields.
        """
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = data.keys() - writable
            if unknown:
                listed = nsmallest(MOST_ERRORS, unknown)
                mistake = ErrorDetail("This field is not known here.", code="unknown-field")
                raise serializers.ValidationError(
                    {**{name[:LONGEST_ECHO]: [mistake] for name in listed}, **unlisted(len(unknown) - len(listed))}
                )
            if len(data) < self.fewest_fields:
                raise serializers.ValidationError("This body has too few fields.", code="required")
        return super().to_internal_value(data)


# What goes out: plain attributes, or those of a dictionary.
class OutputSerializer(serializers.Serializer[Any]):
    @classmethod
    def show(cls, instance: Any) -> dict[str, Any]:
        """Represent one object in the types of JSON."""
        shown: dict[str, Any] = _shared(cls).to_representation(instance)
        return shown

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Represent the declared fields as DRF does, only faster where their kind has a plain way to be written."""
        read = dict.__getitem__ if isinstance(instance, dict) else getattr
        shown = {}
        for name, source, write in self._columns:
            value = read(instance, source)
            shown[name] = None if value is None else write(value)
        return shown

    @cached_property
    def _columns(self) -> list[tuple[str, str, Callable[[Any], Any]]]:
        return [
            (name, str(field.source), PLAIN.get(type(field), _as_declared)(field))
            for name, field in self.fields.items()
        ]

    @classmethod
    def show_all(cls, page: Iterable[Any]) -> list[dict[str, Any]]:
        """Represent the objects of a page."""
        return [cls.show(instance) for instance in page]


@cache
def _shared(kind: type[serializers.Serializer[Any]], *, partial: bool = False) -> serializers.Serializer[Any]:
    """
    Return the one serializer of its class that this process uses; threads may share it, it keeps nothing of a call.

    DRF copies every declared field each time that a serializer is made, which costs more than all that it does then.
    """
    return kind(partial=partial)
