"""What wrk printed becomes figures."""

import pytest
from stack.errors import StackError

from bench.load import parse_summary

PRINTED = """\
Running 5s test @ http://127.0.0.1:8080
  1 threads and 64 connections
SUMMARY {"seconds": 5.0, "requests": 1010, "refused": 10, "failed": 1, "p50_ms": 31.5, "p99_ms": 80.25}
"""


def test_the_rate_counts_good_answers_only() -> None:
    load = parse_summary(PRINTED)

    assert load.rate == 200
    assert (load.refused, load.failed) == (10, 1)
    assert (load.p50_ms, load.p99_ms) == (31.5, 80.25)


def test_no_summary_is_an_error() -> None:
    with pytest.raises(StackError, match="no summary"):
        parse_summary("unable to connect")
