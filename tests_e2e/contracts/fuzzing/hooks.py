"""
What keeps schemathesis from making requests that are valid by the contract and refused for a reason it cannot express.

The contract cannot say that a price is no finer than a cent (no validator divides decimals exactly), nor that ids are
distinct in a batch.
"""

import os
from typing import Any

import httpx
import schemathesis

from contracts.fuzzing.run import USED_CURSORS


@schemathesis.hook
def map_body(_: schemathesis.HookContext, body: Any) -> Any:  # noqa: ANN401 - whatever was made up
    """Write prices to the cent."""
    if isinstance(body, dict) and isinstance(body.get("price"), float):
        return {**body, "price": round(body["price"], 2)}
    return body


@schemathesis.hook
def filter_case(_: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leave out batches that name a reservation twice, which are refused."""
    batch = case.body.get("reservations") if isinstance(case.body, dict) else None
    ids = [str(item.get("id")) for item in batch if isinstance(item, dict)] if isinstance(batch, list) else []
    return len(ids) == len(set(ids))


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case[Any], **_kwargs: object) -> None:
    """Take the cursor of a valid request from another page, as the contract says; leave it out if there is none."""
    is_negative = case.meta is not None and case.meta.generation.mode.is_negative
    if is_negative or "cursor" not in (case.query or {}):
        return
    cursor = _cursor_of_another_page(case)
    if cursor is None:
        del case.query["cursor"]
        return
    case.query["cursor"] = cursor
    with USED_CURSORS.open("a") as used:
        used.write(f"{cursor}\n")


def _cursor_of_another_page(case: schemathesis.Case[Any]) -> str | None:
    answer = httpx.get(
        f"{case.operation.base_url}{case.formatted_path}",
        params={"page_size": 1, **{name: case.query[name] for name in ("ordering",) if name in case.query}},
        headers={"Authorization": f"Bearer {os.environ['TOKEN']}"},
    )
    following = answer.json()["next"] if answer.is_success else None
    return httpx.URL(following).params["cursor"] if following else None
