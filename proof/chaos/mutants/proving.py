"""Runs each mutant until the checker finds an expected violation, and reports which one and when."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from chaos.checker.check import check_run
from chaos.checker.run import gather
from chaos.checker.violation import Violation
from chaos.history import Entry
from chaos.journal import read
from chaos.mutants.mutant import Mutant
from chaos.mutants.of_changes import OF_CHANGES
from chaos.mutants.of_orders import OF_PLACEMENT
from chaos.mutants.of_products import OF_PRODUCTS
from chaos.mutants.shorter_waits import CONTROL
from chaos.mutants.tree import tree
from stack.errors import StackError

MUTANTS: Sequence[Mutant] = (*OF_PRODUCTS, *OF_PLACEMENT, *OF_CHANGES)
RUNS = 3  # of a mutant that is not found, each with another seed
FAULTS = 60  # that an idle machine injects in `seconds`; on a busy one, the run goes on for longer
LIMIT = 400.0  # seconds since a run began: it has ended by itself before that, on a busy machine too
STARTS_WITHIN = 180.0
POLL_INTERVAL = 2.0  # seconds between two checks of the history, or
RESTS = 5  # times as long as the last check took: checks leave the machine to the run
ENDS_WITHIN = 60.0


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    violation: Violation | None
    seconds: float  # until it was found, since the run began
    failure: str = ""  # why it did not run

    @property
    def is_right(self) -> bool:
        """Whether the run found what it should have, or nothing in the control."""
        found = self.violation.invariant if self.violation else None
        if self.failure:
            return False
        return found in self.mutant.breaks if self.mutant.breaks else found is None

    @property
    def line(self) -> str:
        found = self.violation.invariant if self.violation else self.failure[:30] or "nothing"
        mark = "as expected" if self.is_right else "WRONG"
        return f"{self.mutant.name:<28} {found:<30} {self.seconds:6.0f} s  {mark}"


def prove_mutants(names: Sequence[str]) -> int:
    """Run these mutants, or all and the control, and print a table. Return 1 if a verdict is wrong."""
    chosen = [mutant for mutant in (CONTROL, *MUTANTS) if not names or mutant.name in names]
    unknown = set(names) - {mutant.name for mutant in chosen}
    if unknown:
        print(f"There is no mutant {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that a run that is under way is ended too
    verdicts = []
    for number, mutant in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {mutant.name}: {mutant.mistake}", flush=True)
        verdicts.append(_verdict(mutant))
        if verdicts[-1].violation:
            print(verdicts[-1].violation)
        print(f"{verdicts[-1].line}\n", flush=True)
    print("\n".join(verdict.line for verdict in verdicts))
    return 0 if all(verdict.is_right for verdict in verdicts) else 1


def _verdict(mutant: Mutant) -> Verdict:
    """Hunt a mutant in up to RUNS runs. One run of the control is enough."""
    seeds = range(mutant.seed, mutant.seed + RUNS) if mutant.breaks else [mutant.seed]
    verdict = Verdict(mutant, None, 0.0, failure="did not run")
    for seed in seeds:
        try:
            verdict = hunt(replace(mutant, seed=seed))
        except StackError as error:
            print(error, file=sys.stderr)
        if verdict.is_right:
            break
        print(f"{verdict.line} with seed {seed}", flush=True)
    return verdict


def hunt(mutant: Mutant) -> Verdict:
    """
    Run one mutant until an expected violation is found, or its time is over.

    :raises MutantMovedError: if its source has changed.
    :raises StackError: if the shop does not start.
    """
    with tree(mutant) as environment, TemporaryDirectory(prefix="hunt-") as folder:
        history = Path(folder) / "history.jsonl"
        run = _start(mutant, environment, Path(folder))
        try:
            _wait_for_beginning(run, history)
            verdict = _watch(mutant, run, history)
            if verdict.failure:
                print((history.parent / "run.log").read_text(), file=sys.stderr)
            return verdict
        finally:
            _end(run)


def _start(mutant: Mutant, environment: Mapping[str, str], folder: Path) -> "subprocess.Popen[bytes]":
    options = {"--minutes": mutant.seconds / 60, "--seed": mutant.seed, "--mutant": mutant.name, "--out": folder}
    options["--faults"] = FAULTS
    arguments = [str(word) for option in options.items() for word in option]
    arguments += ["--often", *mutant.often] if mutant.often else []
    with (folder / "run.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "chaos", "run", *arguments],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _watch(mutant: Mutant, run: "subprocess.Popen[bytes]", history: Path) -> Verdict:
    """Check the history again and again, until it shows an expected violation or the run is over."""
    began = time.monotonic()
    took = 0.0
    while True:
        time.sleep(max(POLL_INTERVAL, RESTS * took))
        seconds = time.monotonic() - began
        is_over = run.poll() is not None or seconds > LIMIT
        verdict = verdict_on(mutant, read(history), seconds=seconds)
        took = time.monotonic() - began - seconds
        if is_over or (verdict.violation and (verdict.is_right or not mutant.breaks)):
            return verdict


def verdict_on(mutant: Mutant, entries: Iterable[Entry], *, seconds: float) -> Verdict:
    """Return the verdict on a history: an expected violation, or else any. Without one, a run must be whole."""
    run = gather(entries)
    found = check_run(run)
    expected = [violation for violation in found if violation.invariant in mutant.breaks]
    violation = next(iter([*expected, *found]), None)
    return Verdict(mutant, violation, seconds, failure="" if violation or run.is_whole else "the run broke off")


def _wait_for_beginning(run: "subprocess.Popen[bytes]", history: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while not history.exists() or not history.stat().st_size:
        if run.poll() is not None or time.monotonic() > until:
            raise StackError(f"The run did not begin:\n{(history.parent / 'run.log').read_text()}")
        time.sleep(POLL_INTERVAL / 10)


def _end(run: "subprocess.Popen[bytes]") -> None:
    """Stop the run. The guard of its shop stops all other processes."""
    if run.poll() is None:
        run.terminate()
        try:
            run.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
