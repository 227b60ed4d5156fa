"""`python -m mutation order_service/orders/reconciler.py`: print the changes of a module that its tests pass with."""

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from typing import Any

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkerOutcome, WorkResult

from mutation.worth import changed_line
from stack.places import REPOSITORY

LONGEST = 180  # seconds that the tests may take with one mutant; a mutant that waits for ever is noticed then
CORE = Path(__file__).with_name("core_modules.toml")
CONFIGURATION = """\
[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "timeout {longest} sh -c '{migrations}{tests} && {tests} --database=postgresql'"
distributor.name = "local"
"""
FILES = CONFIG, SESSION = ("mutants.toml", "mutants.sqlite")
# What `make check` says of models: the tests' databases are made by the migrations.
MIGRATIONS = "DEBUG=true .venv/bin/python manage.py makemigrations --check --dry-run && "


def main() -> int:
    core: dict[str, dict[str, Any]] = tomllib.loads(CORE.read_text())
    parser = argparse.ArgumentParser(prog="python -m mutation")
    parser.add_argument("module", help="a file of a service or of the kit, from the root; empty: all core modules")
    parser.add_argument("--every", type=int, default=1, help="2 tries every other mutant")
    parser.add_argument("--minutes", type=float, default=30.0, help="a module ends after so long, with what was found")
    parser.add_argument("--tests", default="", help="files of tests, if not those of the core module, or all")
    options = parser.parse_args()
    if options.module and not (REPOSITORY / options.module).is_file():
        print("Which module? MODULE=order_service/orders/reconciler.py", file=sys.stderr)
        return 2
    status = 0
    for module in [options.module] if options.module else core:
        known = core.get(module, {})
        tests = options.tests or " ".join(known.get("tests", []))
        equivalent = {line for lines in known.get("equivalent", {}).values() for line in lines}
        status = max(status, try_mutants(module, tests, equivalent, options.every, options.minutes))
    return status


def try_mutants(path: str, files: str, equivalent: Collection[str], every: int, minutes: float) -> int:
    """Return 0 if the tests notice every mutant, 1 if not, 2 if they fail without one."""
    project, _, module = path.partition("/")
    with copied(project) as folder:
        tests = f".venv/bin/python -m pytest -x -q -n {'0' if files else 'auto'} -p no:cacheprovider {files}".rstrip()
        migrations = MIGRATIONS if "models" in Path(module).with_suffix("").parts else ""
        configuration = CONFIGURATION.format(
            module=module, migrations=migrations, tests=tests, longest=LONGEST, timeout=LONGEST + 10
        )
        (folder / CONFIG).write_text(configuration)
        if run(folder, "cosmic-ray", "baseline", CONFIG):
            print(f"{path}: the tests fail as the module is.", file=sys.stderr)
            return 2
        run(folder, "cosmic-ray", "init", *FILES)
        with use_db(str(folder / SESSION), WorkDB.Mode.open) as session:
            tried = leave_out(folder, session, equivalent, every)
        with suppress(subprocess.TimeoutExpired):
            run(folder, "cosmic-ray", "exec", *FILES, seconds=minutes * 60)
        with use_db(str(folder / SESSION), WorkDB.Mode.open) as session:
            results = [result for _, result in session.completed_work_items if result.test_outcome]
    missed = [result for result in results if not result.is_killed]
    print(*(result.diff for result in missed), sep="\n")
    print(f"{path}: {len(results)} of {tried} mutants tried, {len(missed)} not noticed", flush=True)
    return 1 if missed else 0


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


def leave_out(folder: Path, session: WorkDB, equivalent: Collection[str], every: int) -> int:
    """Skip mutants that no test can notice, and of the others all but every second, third ... Return how many stay."""
    mutants = sorted(session.pending_work_items, key=lambda mutant: mutant.mutations[0].start_pos)
    lines = {mutant.job_id: changed_line(folder, mutant) for mutant in mutants}
    worth = [job for job, line in lines.items() if line is not None and line not in equivalent]
    session.set_multiple_results(lines.keys() - set(worth[::every]), WorkResult(worker_outcome=WorkerOutcome.SKIPPED))
    return len(worth[::every])


def run(folder: Path, program: str, *arguments: str, seconds: float | None = None) -> int:
    """:raises subprocess.TimeoutExpired: after so many seconds."""
    command: Sequence[str] = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=folder, check=False, timeout=seconds).returncode


if __name__ == "__main__":
    sys.exit(main())
