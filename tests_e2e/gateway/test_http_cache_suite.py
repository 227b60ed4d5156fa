"""The micro-cache and http-cache-tests, the suite of RFC 9111 behind cache-tests.fyi."""

import json
import subprocess
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from gateway.lone_gateway import lone_gateway
from stack.environment import plain_environment
from stack.ports import free_ports
from support.node_packages import find_node

PROGRAM = Path(__file__).with_name("http_cache_tests.mjs")
# What the suite finds that is no fault, by the tests' names.
ACCEPTED: Mapping[str, str] = {
    "304-etag-update-response-*": "within its second an answer is fresh: it is used without asking whether it changed",
    "freshness-max-age-s-maxage-shared-longer-multiple": "the suite waits until s-maxage=1 is over; here nothing waits",
    "headers-omit-headers-listed-in-Connection": "no service lists headers in Connection, and nginx cannot remove them",
    "headers-store-Content-Security-Policy": "the gateway sets its own",
    "headers-store-Transfer-Encoding": "the suite's server sends a coding that it does not apply",
    "stale-close-*": "the suite counts the gateway's 502, after its server hung up, as an answer from the cache",
}


@pytest.fixture(scope="module")
def report() -> list[dict[str, Any]]:
    """What came of each test of the suite."""
    node = find_node()
    (port,) = free_ports(1)
    with lone_gateway(GATEWAY_PRODUCT_SERVICE=f"server 127.0.0.1:{port};") as gateway:
        variables = {**plain_environment(), "GATEWAY": gateway.public_url, "PORT": str(port)}
        done = subprocess.run([node, PROGRAM], env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        hits = [line for line in gateway.log_lines() if line["cache"] == "HIT"]
    assert len(hits) > 20
    reported: list[dict[str, Any]] = json.loads(done.stdout)
    return reported


def is_finding(test: dict[str, Any]) -> bool:
    """Whether a requirement is not met. A cache need not have an answer; a test that was not set up says nothing."""
    if test["kind"] != "required" or test["result"] is True:
        return False
    kind, message = test["result"]
    return kind != "Setup" and not message.endswith("does not come from cache")


def test_the_suite_finds_nothing_but_what_is_accepted(report: list[dict[str, Any]]) -> None:
    findings = [test for test in report if is_finding(test)]

    assert [test for test in findings if not any(fnmatch(test["id"], accepted) for accepted in ACCEPTED)] == []
    assert len([test for test in report if test["kind"] == "required" and test["result"] is True]) > 80
