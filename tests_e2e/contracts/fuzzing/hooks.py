"""
What keeps schemathesis from making requests that are valid by the contract and refused for a reason it cannot express.

The contract cannot say that a price is no finer than a cent (no validator divides decimals exactly), nor that ids are
distinct in a batch.
"""

from typing import Any

import schemathesis


@schemathesis.hook
def map_body(_: schemathesis.HookContext, body: Any) -> Any:  # noqa: ANN401 - whatever was made up
    """Write prices to the cent."""
    if isinstance(body, dict) and isinstance(body.get("price"), float):
        return {**body, "price": round(body["price"], 2)}
    return body


@schemathesis.hook
def filter_case(_: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leave out batches that name a reservation twice, and headers without a value, which are refused."""
    batch = case.body.get("reservations") if isinstance(case.body, dict) else None
    ids = [str(item.get("id")) for item in batch if isinstance(item, dict)] if isinstance(batch, list) else []
    return len(ids) == len(set(ids)) and "" not in (case.headers or {}).values()
