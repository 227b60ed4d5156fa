"""What is imported before the fork: the code, and nothing that two processes cannot share."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SERVICE = Path(__file__).parent / "sample_service"
PRINTED = """
import gc, json, sys, threading
from service_kit.server.preload import LEFT_OUT, import_before_fork
import_before_fork()
from django.db import connections
print(json.dumps({
    "modules": sorted(sys.modules),
    "left out": LEFT_OUT,
    "threads": threading.active_count(),
    "connected": [one.alias for one in connections.all(initialized_only=True) if one.connection is not None],
    "frozen": gc.get_freeze_count(),
}))
"""


@pytest.fixture(scope="module")
def master() -> dict[str, Any]:
    """A new process, as it is just before it forks."""
    done = subprocess.run([sys.executable, "-c", PRINTED], cwd=SERVICE, check=True, capture_output=True, text=True)
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_the_views_are_there(master: dict[str, Any]) -> None:
    assert {"things.views", "rest_framework.views"} <= set(master["modules"])


def test_no_application_was_made(master: dict[str, Any]) -> None:
    assert "config.wsgi" not in set(master["modules"])


def test_no_thread_and_no_connection_is_there_to_be_shared(master: dict[str, Any]) -> None:
    assert (master["threads"], master["connected"]) == (1, [])


def test_the_garbage_collector_leaves_alone_what_is_shared(master: dict[str, Any]) -> None:
    assert master["frozen"] > 10_000


def test_what_no_worker_uses_is_left_out(master: dict[str, Any]) -> None:
    assert not set(master["left out"]) & set(master["modules"])
