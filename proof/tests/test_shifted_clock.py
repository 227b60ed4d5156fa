"""A process with a wrong wall clock: its time of day is wrong, and its durations are right."""

import subprocess
import sys
import time

import pytest

from chaos.faults.clocks import has_library, shifted_clock
from driver.programs import lacking
from stack.environment import plain_environment

SCRIPT = "import time; print(time.time(), time.monotonic()); time.sleep(0.01)"


@pytest.mark.parametrize("seconds", [800 * 3600.0, -12.0])
def test_the_wall_clock_is_wrong_and_the_monotonic_one_is_right_and_it_can_sleep(seconds: float) -> None:
    if not has_library():
        lacking("libfaketime was not found (apt-get install libfaketime)")
    wall, monotonic = time.time(), time.monotonic()

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**plain_environment(), **shifted_clock(seconds)},
        capture_output=True,
        text=True,
        check=True,
    )

    shown = [float(word) for word in done.stdout.split()]
    elapsed = time.monotonic() - monotonic
    assert 0 <= shown[0] - wall - seconds <= elapsed + 0.01
    assert 0 <= shown[1] - monotonic <= elapsed
