"""Whatever is sent, no answer is a server error, each one is as documented, and stock is conserved."""

import json
from pathlib import Path

import pytest

from contracts.fuzzing.run import USED_CURSORS, fuzz
from driver.shop import Shop, unique
from driver.tokens import service_token
from driver.waiting import eventually
from stack.stack import Stack

PUBLIC = ["--exclude-path-regex", "^/internal/"]
INTERNAL = ["--include-path-regex", "^/internal/"]
RUNS = {
    "products, by the staff": ("product_service", "staff", PUBLIC),
    "products, by a customer": ("product_service", "customer", PUBLIC),
    "reservations, by the order service": ("product_service", "service", INTERNAL),
    "orders, by the staff": ("order_service", "staff", PUBLIC),
    "orders, by a customer": ("order_service", "customer", PUBLIC),
}
SYNCED_WITHIN = 15.0  # seconds


def expect_the_contract_to_hold(stack: Stack, shop: Shop, run: str, *, folder: Path, examples: int) -> None:
    service, role, selection = RUNS[run]
    clerk = shop.actor("staff", unique("clerk"))
    lamps = [clerk.create_product(name=unique("Desk lamp"), stock_quantity=1000).json()["id"] for _ in range(2)]
    fuzzer = None if role == "service" else shop.actor(role, unique("fuzzer"))
    if fuzzer is not None:
        for lamp in lamps:  # lists of two pages have cursors
            fuzzer.place_order(product_id=lamp, quantity=1)
    token = fuzzer.token if fuzzer else service_token(shop.keys)
    gateway_log = stack.part("gateway").log
    logged = gateway_log.stat().st_size

    passed, output = fuzz(
        service=service,
        url=shop.internal_url if role == "service" else shop.public_url,
        token=token or "",
        selection=selection,
        examples=examples,
        folder=folder,
    )

    assert passed, output
    with gateway_log.open() as log:
        log.seek(logged)
        lines = [json.loads(line) for line in log if line.startswith("{")]
    assert len(lines) > 50
    assert fuzzer is None or (folder / USED_CURSORS).exists()
    assert [line for line in lines if line["status"] >= 500] == []
    eventually(
        lambda: [row for row in shop.ledger.balances() if row["adjusted"] != row["stock_quantity"] + row["reserved"]],
        lambda uneven: uneven == [],
        within=SYNCED_WITHIN,
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("run", RUNS)
def test_a_short_run(stack: Stack, shop: Shop, tmp_path: Path, run: str) -> None:
    expect_the_contract_to_hold(stack, shop, run, folder=tmp_path, examples=20)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("run", RUNS)
def test_a_long_run(stack: Stack, shop: Shop, tmp_path: Path, run: str) -> None:
    expect_the_contract_to_hold(stack, shop, run, folder=tmp_path, examples=300)
