"""Tests of newer behaviour are left out while an earlier release of a service is under test, and only then."""

from pathlib import Path

import pytest

from releases.since import is_older


@pytest.fixture
def release_0_9(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Release 0.9.3 of order_service in place of the working tree."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "0.9.3"\n')
    monkeypatch.setenv("STACK_ORDER_SERVICE", str(tmp_path))


@pytest.mark.usefixtures("release_0_9")
@pytest.mark.parametrize(("version", "older"), [("0.9.3", False), ("0.9.2", False), ("0.9.4", True), ("0.10.0", True)])
def test_an_earlier_release_is_spared_what_it_could_not_do(version: str, older: bool) -> None:  # noqa: FBT001 - a case
    assert is_older("order_service", version) is older


@pytest.mark.usefixtures("release_0_9")
def test_the_other_service_is_spared_nothing() -> None:
    assert not is_older("product_service", "99.0.0")


def test_the_working_tree_is_never_older(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STACK_ORDER_SERVICE", raising=False)

    assert not is_older("order_service", "99.0.0")
