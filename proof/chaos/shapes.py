"""Whether an answer conforms to docs/errors.md and to the services' openapi.yaml."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from chaos.history import Kind
from chaos.seen import OrderShown
from driver.contracts import contract
from driver.problem_types import problems
from driver.refusals import MEMBERS
from stack.places import ERRORS_PAGE

SLUG = re.compile(r"/problems/([a-z-]+)")
NOT_MODIFIED = 304
FIRST_REFUSAL = 400
ROUTES: Mapping[Kind, tuple[str, str, str]] = {
    "place": ("order_service", "post", "/api/v1/orders/"),
    "change": ("order_service", "patch", "/api/v1/orders/{order_id}/"),
    "cancel": ("order_service", "patch", "/api/v1/orders/{order_id}/"),
    "ship": ("order_service", "patch", "/api/v1/orders/{order_id}/"),
    "deliver": ("order_service", "patch", "/api/v1/orders/{order_id}/"),
    "read-order": ("order_service", "get", "/api/v1/orders/{order_id}/"),
    "list-orders": ("order_service", "get", "/api/v1/orders/"),
    "read-product": ("product_service", "get", "/api/v1/products/{product_id}/"),
    "list-products": ("product_service", "get", "/api/v1/products/"),
    "adjust-stock": ("product_service", "post", "/api/v1/products/{product_id}/stock-adjustments/"),
    "edit-product": ("product_service", "patch", "/api/v1/products/{product_id}/"),
}


@dataclass(frozen=True)
class Route:
    """What one method of one path may answer."""

    successes: Mapping[int, frozenset[str]]  # by status, the members that its body must have
    headers: Mapping[int, frozenset[str]]  # by status, those that must be there, in lower case
    refusals: frozenset[str]  # slugs


@dataclass(frozen=True)
class Documents:
    """What the documents define."""

    statuses: Mapping[str, int]  # by slug
    with_retry_after: frozenset[str]
    routes: Mapping[Kind, Route]


def wrong(kind: Kind, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """
    Return how an answer differs from the documents; "" if it does not.

    :param headers: of any mapping that ignores case, as httpx.Headers does.
    """
    if status == NOT_MODIFIED:
        return "" if not body and status in documents().routes[kind].successes else f"{status} with {body[:80]!r}"
    try:
        value = json.loads(body)
    except ValueError:
        return f"{status} with a body that is no JSON: {body[:80]!r}"
    check = _wrong_refusal if status >= FIRST_REFUSAL else _wrong_success
    return check(kind, status, headers, value)


def orders_shown(kind: Kind, status: int, value: Mapping[str, Any]) -> list[OrderShown]:
    """Return the orders that the body of an answer shows; none in those of products and in refusals."""
    if status >= FIRST_REFUSAL or ROUTES[kind][0] != "order_service":
        return []
    shown = value["results"] if kind == "list-orders" else [value]
    return [OrderShown(**{name: order[name] for name in OrderShown.__struct_fields__}) for order in shown]


def _wrong_success(kind: Kind, status: int, headers: Mapping[str, str], value: object) -> str:
    route = documents().routes[kind]
    if status not in route.successes:
        return f"{status} is not among the answers to {kind}"
    if headers.get("content-type") != "application/json":
        return f"Content-Type {headers.get('content-type')}"
    missing = route.successes[status] - set(value) if isinstance(value, dict) else {"an object"}
    missing = missing or {name for name in route.headers[status] if name not in headers}
    return f"{status} without {', '.join(sorted(missing))}" if missing else ""


def _wrong_refusal(kind: Kind, status: int, headers: Mapping[str, str], value: object) -> str:
    known = documents()
    if headers.get("content-type") != "application/problem+json":
        return f"{status} with Content-Type {headers.get('content-type')}"
    if not isinstance(value, dict) or value.keys() != MEMBERS:
        return f"{status} that is not a problem: {str(value)[:80]}"
    slug = str(value["type"]).removeprefix("/problems/")
    if not known.statuses.get(slug) == value["status"] == status:
        return f"{status} that says {value['type']} and {value['status']}"
    if slug not in known.routes[kind].refusals:
        return f"{slug} is not among the answers to {kind}"
    if slug in known.with_retry_after and not headers.get("retry-after", "").isdigit():
        return f"{slug} with Retry-After {headers.get('retry-after')}"
    return ""


@cache
def documents() -> Documents:
    """Read the documents, once."""
    pages = problems(ERRORS_PAGE.read_text())
    anywhere = {slug for slug, page in pages.items() if re.search("^From: .*gateway", page, re.MULTILINE)}
    return Documents(
        statuses={slug: int(re.findall(r"^Status: (\d{3})$", page, re.MULTILINE)[0]) for slug, page in pages.items()},
        with_retry_after=frozenset(slug for slug, page in pages.items() if "`Retry-After` says" in page),
        routes={kind: _route(*place, anywhere) for kind, place in ROUTES.items()},
    )


def _route(service: str, method: str, path: str, anywhere: set[str]) -> Route:
    schemas = contract(service)["components"]["schemas"]
    answers = contract(service)["paths"][path][method]["responses"]
    successes = {int(status): answer for status, answer in answers.items() if int(status) < FIRST_REFUSAL}
    descriptions = " ".join(answer["description"] for answer in answers.values())
    return Route(
        successes={status: _members(answer, schemas) for status, answer in successes.items()},
        headers={
            status: frozenset(name.lower() for name in answer.get("headers", {}) if name in {"Location", "ETag"})
            for status, answer in successes.items()
        },
        refusals=frozenset(SLUG.findall(descriptions)) | anywhere,
    )


def _members(answer: Mapping[str, Any], schemas: Mapping[str, Any]) -> frozenset[str]:
    content = answer.get("content")
    if not content:
        return frozenset()
    schema = content["application/json"]["schema"]
    return frozenset(schemas[schema["$ref"].rpartition("/")[2]]["required"])
