"""Other versions of the shop: its folders with a patch applied, or as they were at another commit."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from compileall import compile_dir
from dataclasses import dataclass, replace
from pathlib import Path

from stack.environment import plain_environment
from stack.errors import StackError
from stack.places import REPOSITORY

from bench.contender import Contender, Program
from bench.load import BENCHMARKS
from bench.stores import PostgresStore, Store

PIP = REPOSITORY / ".venv" / "bin" / "python"  # the one pip of all environments: see the Makefile

KIT = "service_kit"
SERVICES = ("product_service", "order_service")
FOLDERS = (KIT, *SERVICES)
KEPT = BENCHMARKS / ".trees"  # commits stay laid out, because their virtual environments take a minute


@dataclass(frozen=True)
class Tree:
    """
    A folder with the services in it, and their kit, if they have one.

    :param has_packages: whether each service has its own virtual environment; otherwise it runs in the present one's.
    """

    folder: Path
    has_packages: bool

    def move(self, program: Program) -> Program:
        """Return the program as it runs from this tree."""
        if program.folder.name not in SERVICES:
            return program
        folder = self.folder / program.folder.name
        return replace(
            program,
            folder=folder,
            command=self.command(program.command, folder),
            environment=self.environment(program.environment),
        )

    def command(self, command: Sequence[str], folder: Path) -> list[str]:
        """Return a command line that begins with a service's Python, with the Python of this tree."""
        python = str(folder / ".venv" / "bin" / "python") if self.has_packages else command[0]
        return [python, *command[1:]]

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Return an environment in which this tree's kit is found before the one that is installed."""
        return {**environment, "PYTHONPATH": str(self.folder / KIT)}


def in_tree(contender: Contender, tree: Tree) -> Contender:
    """Return the shop with its programs, and the commands that make its tables, run from a tree."""
    programs = contender.programs
    return replace(
        contender,
        programs=lambda site: [tree.move(program) for program in programs(site)],
        stores=[_store_in(tree, store) for store in contender.stores],
    )


def copied(into: Path) -> Tree:
    """Lay out the shop as it is in the working tree."""
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *FOLDERS)
    for name in filter(None, listed.split("\0")):
        if (REPOSITORY / name).is_file():
            (into / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, into / name)
    _compile(into)
    return Tree(folder=into, has_packages=False)


def patched(patch: Path, *, into: Path) -> Tree:
    """
    Lay out the shop as it is in the working tree, with a patch applied.

    :raises StackError: if the patch does not apply: the code that it is about has changed.
    """
    tree = copied(into)
    # Without a ceiling, git would look for a repository around the folder, and apply paths from its top.
    environment = {**plain_environment(), "GIT_CEILING_DIRECTORIES": str(into.resolve().parent)}
    done = subprocess.run(
        ["git", "apply", str(patch)],  # noqa: S607 - whichever git is on PATH
        cwd=into,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(f"{patch.name} does not apply any more; its code has changed.\n{done.stderr}")
    _compile(into)
    return tree


def checked_out(revision: str) -> Tree:
    """
    Lay out the shop as it was at a commit, with the packages of that commit's lock files; what is there is used again.

    :raises StackError: if there is no such commit.
    """
    commit = git("rev-parse", "--verify", f"{revision}^{{commit}}").strip()
    folder = KEPT / commit[:12]
    complete = folder / ".complete"
    if not complete.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        held = [name for name in FOLDERS if git("ls-tree", commit, name)]
        archive = folder / "commit.tar"
        git("archive", "--format=tar", f"--output={archive}", commit, "--", *held)
        shutil.unpack_archive(archive, folder, filter="data")
        archive.unlink()
        for service in SERVICES:
            _install_packages(folder / service)
        _compile(folder)
        complete.touch()
    return Tree(folder=folder, has_packages=True)


def on_python(version: str) -> Tree:
    """
    Lay out the shop as it is in the working tree, with its locked packages on another version of Python.

    :raises StackError: if no such Python is on PATH.
    """
    python = find_python(version)
    tree = copied(KEPT / f"python{version}")
    for service in SERVICES:
        _install_packages(tree.folder / service, python=python)
    return replace(tree, has_packages=True)


def find_python(version: str) -> str:
    """
    Find a version of Python, such as 3.13, on PATH; a shim that only says that it is elsewhere does not count.

    :raises StackError: if there is none.
    """
    for folder in os.get_exec_path():
        program = Path(folder) / f"python{version}"
        if (
            program.exists()
            and subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        ):
            return str(program)
    raise StackError(f"Python {version} was not found on PATH.")


def _install_packages(service: Path, *, python: str = sys.executable) -> None:
    """Make a service's virtual environment from its lock file. The kit is found by PYTHONPATH."""
    environment = service / ".venv"
    pip = [str(PIP), "-m", "pip", "--python", str(environment), "--disable-pip-version-check", "--quiet"]
    settings = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    for command in (
        [python, "-m", "venv", "--without-pip", str(environment)],
        [*pip, "install", "--require-hashes", "-r", str(service / "requirements.txt")],
    ):
        subprocess.run(command, check=True, env=plain_environment() | settings)


def _compile(folder: Path) -> None:
    """Have modules compiled, so that no version compiles them when it starts first."""
    compile_dir(folder, quiet=2, rx=re.compile(r"/\.venv/"))


def _store_in(tree: Tree, store: Store) -> Store:
    if not isinstance(store, PostgresStore):
        raise TypeError("Only a shop on PostgreSQL runs from another tree.")
    tables = store.tables
    folder = tree.folder / tables.folder.name
    moved = replace(
        tables,
        command=tree.command(tables.command, folder),
        folder=folder,
        environment=tree.environment(tables.environment),
    )
    return replace(store, tables=moved)


def git(*arguments: str) -> str:
    """
    Return what git prints in the repository.

    :raises StackError: with what it printed, if it failed.
    """
    done = subprocess.run(
        ["git", *arguments],  # noqa: S607 - whichever git is on PATH
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(f"git {' '.join(arguments)} failed.\n{done.stderr}")
    return done.stdout
