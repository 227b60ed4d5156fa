"""The serializer that every input of this API is declared with."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

LONGEST_ECHO = 64  # characters of a client's own words in an answer


class StrictSerializer(serializers.Serializer[Any]):
    """A serializer that refuses what it does not know, instead of dropping it silently."""

    def to_internal_value(self, data: Any) -> Any:
        """
        Validate the declared fields, and refuse undeclared and read-only ones.

        :raises ValidationError: code `unknown-field` for each of them.
        """
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = sorted(str(name)[:LONGEST_ECHO] for name in data.keys() - writable)
            if unknown:
                raise serializers.ValidationError(
                    {name: [ErrorDetail("This field is not known here.", code="unknown-field")] for name in unknown}
                )
        return super().to_internal_value(data)
