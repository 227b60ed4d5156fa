"""A debugger's port is opened only where it is configured, and only where debugpy is installed."""

from pathlib import Path

import pytest

from service_kit.testing.starting import Starting

SERVICE = Starting(Path(__file__).parent / "sample_service")
TIMEOUT = "from service_kit.server import configuration; print(configuration.timeout)"
LISTEN = "import sys; {}; from service_kit import debugger; debugger.listen(); print('debugpy' in sys.modules)"
NOT_INSTALLED = "sys.modules['debugpy'] = None"


def test_nothing_is_imported_unless_it_is_asked_for() -> None:
    assert SERVICE.python("-c", LISTEN.format("pass")).stdout == "False\n"


def test_without_debugpy_it_says_where_it_comes_from() -> None:
    refused = SERVICE.python("-c", LISTEN.format(NOT_INSTALLED), DEBUGPY="127.0.0.1:5678")

    assert refused.returncode == 1
    assert refused.stderr.startswith("DEBUGPY is set, and debugpy is not installed.")


@pytest.mark.parametrize(("variables", "seconds"), [({}, "30"), ({"DEBUGPY": "127.0.0.1:5678"}, "0")])
def test_a_worker_that_a_debugger_has_stopped_is_not_replaced(variables: dict[str, str], seconds: str) -> None:
    shown = SERVICE.python("-c", TIMEOUT, **variables)

    assert shown.stdout.strip() == seconds, shown.stderr
