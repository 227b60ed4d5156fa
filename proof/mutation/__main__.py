"""`python -m mutation order_service/orders/reconciler.py`: print the changes of a module that its tests pass with."""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult

from stack.places import REPOSITORY

LONGEST = 180  # seconds that the tests may take with one mutant; a mutant that waits for ever is noticed then
CONFIGURATION = """\
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "timeout {longest} sh -c '{tests} && {tests} --database=postgresql'"
distributor.name = "local"
"""
FILES = CONFIG, SESSION = ("mutants.toml", "mutants.sqlite")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m mutation")
    parser.add_argument("module", help="a file of a service or of the kit, from the root of the repository")
    parser.add_argument("--every", type=int, default=1, help="2 tries every other mutant")
    parser.add_argument("--minutes", type=float, default=30.0, help="it ends after so long, with what it has found")
    parser.add_argument("--tests", default="", help="files of tests, if not all; those that matter most save hours")
    options = parser.parse_args()
    project, _, module = options.module.partition("/")
    if not module or not (REPOSITORY / options.module).is_file():
        print("Which module? MODULE=order_service/orders/reconciler.py", file=sys.stderr)
        return 2

    with copied(project) as folder:
        tests = f".venv/bin/python -m pytest -x -q -n auto -p no:cacheprovider {options.tests}".rstrip()
        configuration = CONFIGURATION.format(module=module, tests=tests, longest=LONGEST, timeout=LONGEST + 10)
        (folder / CONFIG).write_text(configuration)
        if run(folder, "cosmic-ray", "baseline", CONFIG):
            print("The tests fail as the module is.", file=sys.stderr)
            return 2
        run(folder, "cosmic-ray", "init", *FILES)
        with use_db(str(folder / SESSION), WorkDB.Mode.open) as session:
            print(f"{leave_out(session, options.every)} mutants are tried.", flush=True)
        with suppress(subprocess.TimeoutExpired):
            run(folder, "cosmic-ray", "exec", *FILES, seconds=options.minutes * 60)
        run(folder, "cr-report", "--surviving-only", "--no-show-output", "--show-diff", "--no-show-pending", SESSION)
    return 0


@contextmanager
def copied(project: str) -> Iterator[Path]:
    """Copy a project, with links to everything that lies beside it: mutants never appear in the work tree."""
    with TemporaryDirectory(prefix="mutation-") as name:
        for beside in REPOSITORY.iterdir():
            if beside.name != project:
                (Path(name) / beside.name).symlink_to(beside)
        folder = Path(name) / project
        copytree(REPOSITORY / project, folder, ignore=ignore_patterns(".venv", "__pycache__", ".*_cache"))
        (folder / ".venv").symlink_to(REPOSITORY / project / ".venv")
        yield folder


def leave_out(session: WorkDB, every: int) -> int:
    """Skip all mutants but every second, third ... of them. Return how many are left; the report counts all."""
    mutants = list(session.pending_work_items)
    for number, mutant in enumerate(mutants):
        if number % every:
            session.set_result(mutant.job_id, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    return len(mutants[::every])


def run(folder: Path, program: str, *arguments: str, seconds: float | None = None) -> int:
    """:raises subprocess.TimeoutExpired: after so many seconds."""
    command: Sequence[str] = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=folder, check=False, timeout=seconds).returncode


if __name__ == "__main__":
    sys.exit(main())
