"""
What keeps schemathesis from making requests that are valid by the contract and refused for a reason it cannot express.

JSON Schema takes 2.0 for an integer, where the services ask for 2; and it cannot say that ids are distinct in a batch.
"""

from typing import Any

import schemathesis


@schemathesis.hook
def map_body(_: schemathesis.HookContext, body: Any) -> Any:  # noqa: ANN401 - whatever was made up
    """Write whole numbers as such."""
    if isinstance(body, dict):
        return {name: map_body(_, value) for name, value in body.items()}
    if isinstance(body, list):
        return [map_body(_, value) for value in body]
    return int(body) if isinstance(body, float) and body.is_integer() else body


@schemathesis.hook
def filter_case(_: schemathesis.HookContext, case: schemathesis.Case[Any]) -> bool:
    """Leave out batches that name a reservation twice, and headers without a value: they do not pass the gateway."""
    batch = case.body.get("reservations") if isinstance(case.body, dict) else None
    ids = [str(item.get("id")) for item in batch if isinstance(item, dict)] if isinstance(batch, list) else []
    return len(ids) == len(set(ids)) and "" not in (case.headers or {}).values()
