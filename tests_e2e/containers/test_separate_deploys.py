"""Each service is replaced while the shop is open."""

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from containers import engine
from containers.afterwards import assert_ledger_balances
from containers.customers import busy_customers
from driver.shop import Actor, Shop
from stack.places import REPOSITORY

APPS = {"product_service": ("products", "products_product"), "order_service": ("orders", "orders_order")}

EXPAND = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("{app}", "{latest}")]
    operations = [
        migrations.RunSQL("ALTER TABLE {table} ADD COLUMN {column} integer NULL", migrations.RunSQL.noop),
    ]
"""


def copy_of(service: str, folder: Path) -> Path:
    """Copy what the service's image is built from, as a repository of its own. Return the repository."""
    repository = folder / f"repository-{service}"
    for name in (service, "service_kit"):
        shutil.copytree(REPOSITORY / name, repository / name, ignore=shutil.ignore_patterns(".*cache", ".venv"))
    shutil.copy(REPOSITORY / ".dockerignore", repository)
    return repository


def with_a_migration(service: str, folder: Path) -> Path:
    """Copy a service's sources and add a migration that an older version can live with."""
    context = copy_of(service, folder)
    app, table = APPS[service]
    migrations = context / service / app / "migrations"
    latest = max(path.stem for path in migrations.glob("[0-9]*.py"))
    column = f"thrown_away_{uuid4().hex[:8]}"
    text = EXPAND.format(app=app, latest=latest, table=table, column=column)
    (migrations / f"9999_{column}.py").write_text(text)
    return context


@pytest.mark.timeout(420)
def test_no_request_fails_while_each_service_is_replaced_three_times(
    shop: Shop, clerk: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, third = (f"{uuid4().hex[:8]}-{number}" for number in (1, 2, 3))

    with busy_customers(shop, clerk=clerk, size=3, stock=1_000_000, repeats=False) as customers:
        for service in APPS:
            engine.deploy(service, version=first)
        for service in APPS:
            context = with_a_migration(service, tmp_path)
            engine.deploy(service, version=second, arguments=["--context", str(context)])
        for service in APPS:
            engine.deploy(service, version=third)

    with capsys.disabled():
        print(f"\n{customers.report()}")
    assert not customers.failures, "\n".join(customers.failures)
    assert customers.sold > 100
    assert {engine.version(service) for service in APPS} == {third}
    assert_ledger_balances(shop, clerk, customers)
    for version in (first, second, third):
        engine.forget_images(version)


def test_a_version_that_does_not_start_never_serves(customer: Actor, tmp_path: Path) -> None:
    serving = engine.version("product_service")
    instances = engine.containers("product_service")
    broken = copy_of("product_service", tmp_path)
    (broken / "product_service" / "config" / "wsgi.py").write_text("raise SystemExit('broken')\n")

    with pytest.raises(AssertionError, match="going back to the old version"):
        engine.deploy("product_service", version="broken", arguments=["--context", str(broken)])

    assert engine.version("product_service") == serving
    assert engine.containers("product_service") == instances
    assert customer.list_products().status_code == 200
    engine.forget_images("broken")
