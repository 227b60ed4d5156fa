"""Cursor pages (keyset pagination): the next page begins after a row, so that no row is skipped or repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.core import signing
from django.db.models import F, Field, Model, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.http import HttpResponse
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from service_kit.rest.query import whole_number
from service_kit.rest.responses import answer

SALT = "service_kit.rest.pagination"
DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 100


@dataclass(frozen=True)
class Position:
    """Where a page begins: next to the row with this value of the ordering and this primary key."""

    ordering: str
    value: str
    pk: str
    backwards: bool


def _refusal(parameter: str, detail: str) -> ValidationError:
    return ValidationError({parameter: [ErrorDetail(detail, code="invalid")]})


class CursorPages(BasePagination):
    """
    Keyset pages, `{next, previous, results}`, 1 to 100 rows each.

    The view names its orderings in `ordering_fields` and its default one in `default_ordering`; the primary key breaks
    ties. DRF's own cursor is one column and an offset, and fails where more than 1,000 rows share a value.
    """

    def paginate_queryset(
        self, queryset: QuerySet[Any, Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        """Read one page, with one statement; raise ValidationError if a parameter is not one of this list."""
        if not isinstance(queryset, QuerySet):
            raise TypeError("Only a QuerySet has rows to continue after.")
        self.request = request
        self.ordering = self._requested_ordering(request, view)
        size = whole_number(request, "page_size", default=DEFAULT_PAGE_SIZE, least=1, most=LARGEST_PAGE_SIZE)
        position = self._requested_position(request)

        field = self.ordering.removeprefix("-")
        backwards = position is not None and position.backwards
        descending = self.ordering.startswith("-") != backwards
        if position is not None:
            beyond, towards = (TupleLessThan, "lte") if descending else (TupleGreaterThan, "gte")
            edge = self._edge(queryset, position)
            # The first condition is implied by the second; without it PostgreSQL sorts the rows of a late page and does
            # not use the index.
            queryset = queryset.filter(**{f"{field}__{towards}": edge[0]}).filter(
                beyond(Tuple(F(field), F("pk")), edge)
            )
        sign = "-" if descending else ""
        rows = list(queryset.order_by(f"{sign}{field}", f"{sign}pk")[: size + 1])

        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        self.next_link = self._link(rows[-1:], backwards=False) if more or backwards else None
        self.previous_link = self._link(rows[:1], backwards=True) if (more if backwards else position) else None
        return rows

    def get_paginated_response(self, data: Any) -> HttpResponse:  # type: ignore[override] # DRF takes either
        return answer({"next": self.next_link, "previous": self.previous_link, "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}  # the list of an example has one page
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The address of the next page; null on the last."},
                "previous": {**link, "description": "The address of the page before; null on the first."},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = [
            {
                "name": "cursor",
                "description": "A position, taken from `next` or `previous` of another page.",
                "schema": {"type": "string", "minLength": 1},
            },
            {
                "name": "page_size",
                "description": "How many results a page has.",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
            },
        ]
        if fields := _ordering_fields(view):
            # Generated clients need names for them, and have none for a minus.
            names = [name for field in fields for name in (field.upper(), f"{field.upper()}_DESCENDING")]
            parameters.append(
                {
                    "name": "ordering",
                    "description": "The order of the results; `-` for descending.",
                    "schema": {"type": "string", "enum": _orderings(view), "x-enum-varnames": names},
                }
            )
        return [{"in": "query", "required": False, **parameter} for parameter in parameters]

    def _requested_ordering(self, request: Request, view: APIView | None) -> str:
        ordering = request.query_params.get("ordering")
        if ordering is None:
            return str(getattr(view, "default_ordering", "-created_at"))
        if ordering not in _orderings(view):
            raise _refusal("ordering", f"This list is not ordered by that. Known are: {', '.join(_orderings(view))}.")
        return ordering

    def _requested_position(self, request: Request) -> Position | None:
        text = request.query_params.get("cursor")
        if text is None:
            return None
        try:
            # Signed: a client cannot make a cursor, so no odd value reaches the database.
            position = Position(*signing.loads(text, salt=SALT))
        except (signing.BadSignature, UnicodeError):
            raise _refusal("cursor", "This is not a cursor of this list.") from None
        if position.ordering != self.ordering:
            raise _refusal("cursor", "This cursor belongs to another ordering.")
        return position

    def _edge(self, queryset: QuerySet[Model], position: Position) -> tuple[Any, Any]:
        meta = queryset.model._meta  # noqa: SLF001 - Django's documented model API
        field = cast("Field[Any, Any]", meta.get_field(position.ordering.removeprefix("-")))
        return field.to_python(position.value), meta.pk.to_python(position.pk)

    def _link(self, rows: Sequence[Model], *, backwards: bool) -> str | None:
        if not rows:
            return None
        row = rows[0]
        value = getattr(row, self.ordering.removeprefix("-"))
        cursor = signing.dumps([self.ordering, str(value), str(row.pk), backwards], salt=SALT)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)


def _ordering_fields(view: APIView | None) -> tuple[str, ...]:
    return tuple(getattr(view, "ordering_fields", ()))


def _orderings(view: APIView | None) -> list[str]:
    return [ordering for field in _ordering_fields(view) for ordering in (field, f"-{field}")]
