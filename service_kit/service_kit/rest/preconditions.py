"""
Conditional requests (RFC 9110, 13): entity tags, and the conditions that a request's headers set.

A resource that can be changed has a strong entity tag, made of its representation: it changes whenever that does. The
condition of a change is evaluated where the row is read to be changed, so that nobody else changes it in between.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Self, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags, parse_http_date_safe
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from service_kit.rest.errors import PreconditionFailed
from service_kit.rest.responses import answer

READS = frozenset({"GET", "HEAD"})
CONDITIONS = frozenset({"HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IF_UNMODIFIED_SINCE"})
ANY = ["*"]  # what If-Match and If-None-Match say of whichever state there is
Resource = TypeVar("Resource")


@dataclass(frozen=True)
class State:
    """A state of a resource, as conditions name it: by its entity tag, and by the time of its latest change."""

    tag: str
    changed_at: datetime


def state_of(shown: Mapping[str, Any]) -> State:
    """Return the state that a representation, with an `updated_at`, shows."""
    digest = hashlib.sha256(msgspec.json.encode(shown)).hexdigest()
    return State(tag=f'"{digest[:32]}"', changed_at=datetime.fromisoformat(shown["updated_at"]))


@dataclass(frozen=True)
class Preconditions:
    """The conditions of a request; None where it sets none of that kind."""

    if_match: Sequence[str] | None
    if_none_match: Sequence[str] | None
    if_unmodified_since: datetime | None

    @classmethod
    def of(cls, request: Request | HttpRequest) -> Self:
        """Read the conditions. A date that is malformed sets none (RFC 9110, 13.1.4)."""
        headers = request.META
        return cls(
            if_match=_tags(headers.get("HTTP_IF_MATCH")),
            if_none_match=_tags(headers.get("HTTP_IF_NONE_MATCH")),
            if_unmodified_since=_date(headers.get("HTTP_IF_UNMODIFIED_SINCE")),
        )

    def are_met_by(self, state: State) -> bool:
        """Whether If-Match, or If-Unmodified-Since without it, holds. A weak or malformed tag never matches here."""
        if self.if_match is not None:
            return self.if_match == ANY or state.tag in self.if_match
        return self.if_unmodified_since is None or state.changed_at <= self.if_unmodified_since

    def rule_out(self, state: State) -> bool:
        """Whether If-None-Match names the state, compared weakly (RFC 9110, 13.1.2): the caller has it already."""
        known = self.if_none_match or ()
        return known == ANY or state.tag in {tag.removeprefix("W/") for tag in known}


def _tags(text: str | None) -> list[str] | None:
    return None if text is None else parse_etags(text)


def _date(text: str | None) -> datetime | None:
    seconds = parse_http_date_safe(text) if text else None
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def answer_read(request: Request, shown: Mapping[str, Any]) -> HttpResponse:
    """
    Answer a GET with a representation and its entity tag; with 304 if the caller has it already.

    :raises PreconditionFailed: if the caller wants another state than there is.
    """
    conditions, state = Preconditions.of(request), state_of(shown)
    if not conditions.are_met_by(state):
        raise PreconditionFailed
    headers = {"ETag": state.tag}
    if conditions.rule_out(state):
        return HttpResponse(status=304, headers=headers)
    return answer(shown, headers=headers)


def condition_of_change(
    request: Request, show: Callable[[Resource], Mapping[str, Any]]
) -> Callable[[Resource], bool] | None:
    """
    Return what decides whether the request allows to change a resource as it is; None if it sets no conditions.

    :param show: how the resource is represented.
    """
    conditions = Preconditions.of(request)
    if conditions == Preconditions(None, None, None):
        return None

    def allows(resource: Resource) -> bool:
        state = state_of(show(resource))
        return conditions.are_met_by(state) and not conditions.rule_out(state)

    return allows


def refuse_conditions(request: Request) -> None:
    """Raise PreconditionFailed if a condition of a change does not hold: no state here has a tag that it could name."""
    conditions = Preconditions.of(request)
    if request.method not in SAFE_METHODS and (
        conditions.if_match not in (None, ANY) or conditions.if_none_match == ANY
    ):
        raise PreconditionFailed


def status_of_read(request: HttpRequest, response: HttpResponseBase) -> int:
    """
    Return the status of a read, at whichever address: 304 or 412 instead of 200, by the answer's tag and time.

    Conditions count only if the answer without them is 200 (RFC 9110, 13.2.1). One without a tag matches `*` alone.
    """
    if response.status_code != HTTPStatus.OK or request.method not in READS or not CONDITIONS & request.META.keys():
        return response.status_code
    changed_at = _date(response.headers.get("Last-Modified"))
    conditions = Preconditions.of(request)
    state = State(tag=response.headers.get("ETag", ""), changed_at=changed_at or datetime.min.replace(tzinfo=UTC))
    if not conditions.are_met_by(state):
        return HTTPStatus.PRECONDITION_FAILED
    return HTTPStatus.NOT_MODIFIED if conditions.rule_out(state) else HTTPStatus.OK
