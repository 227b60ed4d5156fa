"""`make service`: a further service, written from service_template/ and entered into services.toml."""

import keyword
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

from stack.environment import plain_environment
from stack.errors import StackError
from stack.places import REPOSITORY
from stack.registry import REGISTRY

TEMPLATE = REPOSITORY / "service_template"
MODEL = REPOSITORY / "order_service"  # its environment has the tools, and its locks the packages of the template
RENDERED = "py,md,toml,yml,yaml,env"
DASHED = "project-name"  # in the template: where a name takes no underscore
LONGEST = 30  # characters; the address of a socket holds about 100 bytes
FOLLOWERS_FILES = ("follow_orders.py", "follower.py", "follower.yaml", "test_follower.py")
TAKEN = {"config", "tests", "orders_client"}  # packages of the template

ENTRY = """
[{name}_service]
public = ["/api/v1/{dashed}/"]
database = "{name}_database"
calls = {{ order_service = "ORDERS_URL" }}
scopes = {{ order_service = [{scopes}] }} # what its own tokens may do there
"""
FOLLOWER = 'processes = {{ {name}_follower = "follow_orders" }}\n'
# `startproject`, whose templates learn one thing more.
RENDER = """
import sys
from django.core.management import CommandError, call_command
from django.core.management.commands.startproject import Command
Command.stealth_options = ("follows",)
name, template, extensions, follows = sys.argv[1:]
try:
    call_command(Command(), name, ".", template=template, extensions=[extensions], follows=follows)
except CommandError as error: # a module of Python or of a package has the name
    sys.exit(f"The name {name} is taken; choose another one." if "conflicts" in str(error) else str(error))
"""


def write_service(name: str, *, follows: str = "") -> Path:
    """
    Write the folder of a service and its entry in the list, and return the folder.

    :param follows: `orders`, for a further process that follows the feed of order_service.
    :raises StackError: if the name is not possible or taken, or at Ctrl-C; nothing was written then.
    """
    name = name.removesuffix("_service")
    dashed = name.replace("_", "-")
    _refuse(name, dashed)
    if follows not in {"", "orders"}:
        raise StackError("There is one feed: make service NAME=shipping FOLLOWS=orders")
    folder = REPOSITORY / f"{name}_service"
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it leaves no half of a service
    try:
        folder.mkdir()
        _run(folder, "python", "-c", RENDER, name, str(TEMPLATE), RENDERED, follows)
        if not follows:
            _drop_follower(folder)
        for path in [path for path in folder.rglob("*") if path.is_file()]:
            path.write_text(path.read_text().replace(DASHED, dashed))
        for lock in MODEL.glob("requirements*.txt"):
            shutil.copy(lock, folder)
        _run(folder, "python", "manage.py", "spectacular", "--validate", "--fail-on-warn", "--file", "openapi.yaml")
        _run(folder, "ruff", "check", "--fix-only", "--quiet", ".")
        _run(folder, "ruff", "format", "--quiet", ".")
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, KeyboardInterrupt):
            raise StackError("Stopped. Nothing was written.") from None
        raise
    with (REPOSITORY / "services.toml").open("a") as services:
        services.write(_entry(name, dashed, follows))
    return folder


def _drop_follower(folder: Path) -> None:
    """Remove what only a follower needs. The name of the service may be like those of the files."""
    for name in FOLLOWERS_FILES:
        for path in folder.rglob(name):
            path.unlink()


def _entry(name: str, dashed: str, follows: str) -> str:
    scopes = '"orders:read", "orders:follow"' if follows else '"orders:read"'
    return (ENTRY + (FOLLOWER if follows else "")).format(name=name, dashed=dashed, scopes=scopes)


def write_compose_files() -> None:
    """Have .env name the files that a bare `docker compose up` takes: those of every service."""
    file = REPOSITORY / ".env"
    lines = file.read_text().splitlines() if file.exists() else []
    further = sorted(path.parent for path in REPOSITORY.glob("*_service/deploy/service.compose.yml"))
    parts = [Path(path.relative_to(REPOSITORY)) for path in further]
    named = [
        "docker-compose.yml",
        *(str(part / "service.compose.yml") for part in parts),
        "docker-compose.override.yml",
        *(str(part / "service.compose.development.yml") for part in parts),
    ]
    kept = [line for line in lines if not line.startswith("COMPOSE_FILE=")]
    file.write_text("\n".join([*kept, f"COMPOSE_FILE={os.pathsep.join(named)}", ""]))


def _refuse(name: str, dashed: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST:
        raise StackError(
            f"Say a name of up to {LONGEST} lower-case letters, digits and single underscores, which begins with a "
            "letter: make service NAME=shipping"
        )
    paths = {path for entry in REGISTRY.values() for path in (*entry.public, *entry.internal)}
    is_there = f"{name}_service" in REGISTRY or (REPOSITORY / f"{name}_service").exists()
    is_setting = f"{name}_".startswith("routes_")  # GATEWAY_ROUTES_... lists the paths of a service
    if is_there or is_setting or f"/api/v1/{dashed}/" in paths or name in TAKEN or keyword.iskeyword(name):
        raise StackError(f"The name {name} is taken; choose another one.")


def _run(folder: Path, program: str, *arguments: str) -> None:
    """Run a program of the model's environment in the folder."""
    environment = {**plain_environment(), "DEBUG": "true", "DATABASE_URL": "sqlite://:memory:"}
    command = [str(MODEL / ".venv" / "bin" / program), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError((done.stderr or done.stdout).strip())
