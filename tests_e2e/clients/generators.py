"""Clients that generators make of the published contracts: made, compiled strictly with a program, and ready to run."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from stack.environment import plain_environment
from stack.places import service_folder
from support.node_packages import NODE_PACKAGES, find_node

Command = Sequence[str | Path]
SCENARIOS = Path(__file__).parent / "scenarios"
SCRIPTS = Path(sys.executable).parent
CACHE = Path(__file__).parents[1] / ".mypy_cache" / "clients"  # what mypy knows of the packages that they import
CONTRACTS = {"product_service": "openapi.public.yaml", "order_service": "openapi.yaml"}


def openapi_python_client(folder: Path) -> Command:
    """Make the clients in a folder, compile the program, and return what runs it."""
    (folder / "config.yaml").write_text("post_hooks: []")  # it would look for ruff
    options = ("--fail-on-warning", "--config", "config.yaml", "--meta", "none")
    for service, contract in _contracts():
        where = ("--path", contract, "--output-path", service)
        run([SCRIPTS / "openapi-python-client", "generate", *options, *where], folder=folder)
    program = shutil.copy(SCENARIOS / "openapi_python_client.py", folder / "program.py")
    run([SCRIPTS / "mypy", "--strict", "--cache-dir", CACHE, "."], folder=folder)
    return [sys.executable, program]


def openapi_fetch(folder: Path) -> Command:
    """Make the clients in a folder, compile the program, and return what runs it."""
    _prepare_for_node(folder)
    for service, contract in _contracts():
        _run_package("openapi-typescript", contract, "--output", f"generated/{service}.ts", folder=folder)
    return _compile_typescript("openapi_fetch", folder)


def hey_api(folder: Path) -> Command:
    """Make the clients in a folder, compile the program, and return what runs it."""
    _prepare_for_node(folder)
    made = [
        {"input": str(contract), "output": {"path": f"generated/{service}", "importFileExtension": ".js"}}
        for service, contract in _contracts()
    ]
    (folder / "openapi-ts.config.js").write_text(f"export default {json.dumps(made)};")
    _run_package("openapi-ts", "--no-log-file", folder=folder)
    return _compile_typescript("hey_api", folder)


GENERATORS: Mapping[str, Callable[[Path], Command]] = {
    "openapi-python-client": openapi_python_client,
    "openapi-typescript with openapi-fetch": openapi_fetch,
    "openapi-ts of Hey API": hey_api,
}


def run(command: Command, *, folder: Path, variables: Mapping[str, str] | None = None) -> str:
    """
    Run a command to its end, and return what it printed.

    :raises AssertionError: with its output, if it failed.
    """
    environment = {**plain_environment(), **(variables or {})}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]}: {done.stdout}{done.stderr}")
    return done.stdout


def _contracts() -> Iterator[tuple[str, Path]]:
    for service, name in CONTRACTS.items():
        yield service, service_folder(service) / name


def _prepare_for_node(folder: Path) -> None:
    find_node()
    (folder / "node_modules").symlink_to(NODE_PACKAGES)
    for name in (NODE_PACKAGES.parent / "package.json", SCENARIOS / "tsconfig.json"):
        shutil.copy(name, folder)


def _compile_typescript(program: str, folder: Path) -> Command:
    shutil.copy(SCENARIOS / f"{program}.ts", folder)
    _run_package("tsc", folder=folder)
    return ["node", f"compiled/{program}.js"]


def _run_package(name: str, *arguments: str | Path, folder: Path) -> None:
    run([NODE_PACKAGES / ".bin" / name, *arguments], folder=folder)
