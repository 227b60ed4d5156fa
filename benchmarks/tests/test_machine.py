"""Figures of a machine that is not idle are refused, or say so."""

import pytest
from stack.errors import StackError

from bench.machine import BUSY, idleness, require_idle


def test_a_busy_machine_is_refused() -> None:
    with pytest.raises(StackError, match="others use 37 %"):
        require_idle(lambda: 37.0, may_be_busy=False, patience=0)


def test_a_moment_is_waited_for() -> None:
    loads = iter([37.0, 20.0, 1.0])

    assert require_idle(lambda: next(loads), may_be_busy=False) == 1.0


def test_a_busy_machine_may_be_allowed_and_is_named() -> None:
    busy = require_idle(lambda: 37.0, may_be_busy=True)

    assert idleness(busy) == "no, others used 37 % of the processors"
    assert idleness(BUSY) == "yes"
