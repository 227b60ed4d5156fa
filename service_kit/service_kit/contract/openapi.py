"""What the published contract says beyond what serializers say: problems, scopes, bearer tokens and examples."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from service_kit.auth.permissions import ANYONE, RequiredScope
from service_kit.contract.examples import OF_A_BODY, OF_A_LIST, OF_AN_ADDRESS, example_problem
from service_kit.contract.fields import DecimalSchema, TextSchema
from service_kit.contract.headers import answer_headers
from service_kit.rest.fields import StrictCharField
from service_kit.rest.problem_types import GATEWAY_PROBLEMS, ProblemType, kinds_by_slug, path_examples
from service_kit.rest.problems import CONTENT_TYPE

# Extensions of spectacular register themselves when they are imported.
__all__ = ["DecimalSchema", "ProblemAutoSchema", "TextSchema"]

BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})
FIRST_CLAUSE = re.compile(r"[^.;:]+")
INTERNAL = "/internal/"  # where the addresses begin that the gateway does not show to the public


class FieldProblemSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with the input."""

    pointer = serializers.CharField(
        allow_blank=True, help_text="Which part of the request: a JSON pointer into the body, or a parameter's name."
    )
    code = serializers.CharField(help_text="The kind of mistake, for programs.")
    detail = serializers.CharField(help_text="The mistake, for people.")


class ProblemSerializer(serializers.Serializer[Any]):
    """An error, as RFC 9457 describes it. `type` resolves to a page that says what it means and what to do."""

    type = serializers.CharField(help_text="The kind of problem, for programs: a relative address.")
    title = serializers.CharField(help_text="The kind of problem, for people.")
    status = serializers.IntegerField(min_value=400, max_value=599, help_text="The HTTP status again.")
    detail = serializers.CharField(allow_blank=True, help_text="This occurrence, for people.")
    instance = serializers.CharField(allow_blank=True, help_text="The path of the request.")
    errors = FieldProblemSerializer(many=True, help_text="At most 20 of the mistakes; `detail` counts the others.")  # type: ignore[assignment] # DRF takes declared fields off the class


class BearerToken(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """The scheme behind `service_kit.auth.authentication.TokenAuthentication`."""

    target_class = "service_kit.auth.authentication.TokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A JSON Web Token of the identity provider, with the scopes that an operation names.",
        }


class StrictBody(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """A body that comes in has no other fields than those that are named, and at least so many."""

    target_class = "service_kit.rest.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Literal["request", "response"]) -> dict[str, Any]:
        # As spectacular's documentation does it: there is no public name for what it maps without this.
        mapped = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call] # noqa: SLF001
        fewest = {"minProperties": self.target.fewest_fields} if self.target.fewest_fields else {}
        return {**mapped, "additionalProperties": False, **fewest}


class ProblemAutoSchema(AutoSchema):
    """
    Add to each operation the scope it needs, every problem it may answer, and what each of them looks like.

    What follows from the operation's shape is added unasked; a view names the rest in `problems`, by method and slug.
    """

    def get_summary(self) -> str | None:
        """Take the first clause of the description."""
        clause = FIRST_CLAUSE.match(self.get_description())
        return clause[0] if clause else None

    def get_description(self) -> str:  # type: ignore[override] # as spectacular has it
        """Add the scopes, which viewers of a contract do not show of bearer tokens."""
        description: str = super().get_description()
        if self._scope() == ANYONE:
            return description
        return f"{description}\n\nIt needs the scope {' or '.join(f'`{scope}`' for scope in self._scopes())}."

    def get_auth(self) -> list[dict[str, Any]]:
        super().get_auth()  # it enters the scheme among the components
        if self._scope() == ANYONE:
            return [{}, {BearerToken.name: []}]
        return [{BearerToken.name: [scope]} for scope in self._scopes()]

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        """Leave texts as TextSchema describes them: spectacular makes a choice of two strings of a blank one."""
        if not isinstance(field, StrictCharField):
            super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_parameters()
        return [_described(each) for each in parameters]

    def _get_request_body(self, direction: Literal["request", "response"] = "request") -> dict[str, Any] | None:
        body: dict[str, Any] | None = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        if body is None:
            return None
        is_needed = bool(getattr(self.get_request_serializer(), "fewest_fields", 0))
        return {**body, "required": True} if is_needed else body

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)
        for code, response in responses.items():
            response["description"] = response["description"] or HTTPStatus(int(code)).phrase
        by_status: defaultdict[int, list[ProblemType]] = defaultdict(list)
        for slug in dict.fromkeys(self._problem_slugs()):
            kind = kinds_by_slug()[slug]
            by_status[kind.status].append(kind)
        for status, kinds in by_status.items():
            responses[str(status)] = self._problem_response(status, kinds)
        for code, response in responses.items():
            if headers := {**response.get("headers", {}), **answer_headers(int(code), by_status[int(code)])}:
                response["headers"] = headers
        return dict(sorted(responses.items()))

    def _scope(self) -> RequiredScope:
        declared: Mapping[str, RequiredScope] = self.view.required_scopes  # type: ignore[attr-defined] # see HasScope
        return declared[self.method]

    def _scopes(self) -> Sequence[str]:
        scope = self._scope()
        return (scope,) if isinstance(scope, str) else scope

    def _problem_slugs(self) -> Iterable[str]:
        declared: Mapping[str, Sequence[str]] = getattr(self.view, "problems", {})
        yield from declared.get(self.method, ())
        yield from ("invalid-request", "not-authenticated", "precondition-failed", "internal-error")
        yield "identity-provider-unavailable"
        yield "database-unavailable" if self.method in SAFE_METHODS else "outcome-unknown"
        if self._scope() != ANYONE:
            yield "permission-denied"
        if "{" in self.path:
            yield "not-found"
        if self.method in SAFE_METHODS and getattr(self.view, "filterset_class", None):
            yield "search-too-broad"
        if self.method in BODY_METHODS:
            yield from ("payload-too-large", "unsupported-media-type")
        if not self.path.startswith(INTERNAL):
            yield from (kind.slug for kind in GATEWAY_PROBLEMS)

    def _problem_response(self, status: int, kinds: Sequence[ProblemType]) -> dict[str, Any]:
        component = self.resolve_serializer(ProblemSerializer, "response")
        examples = {kind.slug: {"value": self._problem_example(kind), "summary": kind.title} for kind in kinds}
        response: dict[str, Any] = {
            "content": {CONTENT_TYPE: {"schema": component.ref, "examples": examples}},
            "description": " or ".join(f"[{kind.title}]({kind.uri})" for kind in kinds),
        }
        # Those that the view declares for this status.
        if headers := self._get_response_headers_for_code(str(status)):
            response["headers"] = headers
        return response

    def _problem_example(self, kind: ProblemType) -> dict[str, Any]:
        of_an_address = OF_A_LIST if self._is_list_view() else OF_AN_ADDRESS
        mistake = OF_A_BODY if self.method in BODY_METHODS else of_an_address
        return example_problem(kind, path=self.path, mistake=mistake, scopes=self._scopes())


def _described(parameter: dict[str, Any]) -> dict[str, Any]:
    """Say of a part of the address what it names, and give an example of it. The others say it by themselves."""
    if parameter["in"] == "path":
        name = parameter["name"]
        return {
            **parameter,
            "description": f"The id of the {name.removesuffix('_id')}.",
            "example": path_examples()[name],
        }
    return {**parameter, "description": parameter["description"].strip()}
