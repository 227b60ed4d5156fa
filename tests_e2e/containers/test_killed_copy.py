"""One of a service's two instances is killed while customers are served."""

import time

import pytest

from containers import engine
from containers.afterwards import assert_ledger_balances
from containers.customers import busy_customers
from driver.shop import Actor, Shop
from driver.waiting import eventually

BUSY = 4.0  # seconds


@pytest.mark.parametrize("service", ["product_service", "order_service"])
def test_customers_who_repeat_requests_lose_nothing_when_an_instance_is_killed(
    service: str, shop: Shop, clerk: Actor, capsys: pytest.CaptureFixture[str]
) -> None:
    victim, survivor = engine.containers(service)

    with busy_customers(shop, clerk=clerk, size=4, stock=1_000_000, repeats=True) as customers:
        time.sleep(BUSY)
        engine.run("docker", "kill", "--signal", "KILL", victim)
        time.sleep(BUSY)
        assert engine.containers(service) == [survivor]
        engine.run("docker", "start", victim)
        eventually(lambda: engine.is_healthy(victim), bool, within=60)
        time.sleep(BUSY)

    with capsys.disabled():
        print(f"\n{customers.report()}")
    assert not customers.failures, "\n".join(customers.failures)
    assert customers.sold > 50
    assert_ledger_balances(shop, clerk, customers)
