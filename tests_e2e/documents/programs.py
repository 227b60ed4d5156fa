"""What programs know of the names in a command: make, Django, kubectl with the manifests, compose, the settings."""

import json
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache

from documents.document import Command, files
from documents.paths import OF_THE_EXAMPLE
from stack.environment import plain_environment
from stack.places import REPOSITORY
from stack.registry import SERVICES

SUBCOMMANDS_OF_COMPOSE = {"down", "exec", "logs", "run", "start", "stop", "up", "watch"}
OPTIONS = """
import django, json
from django.core.management import get_commands, load_command_class
django.setup()
parsers = {name: load_command_class(app, name).create_parser("", name) for name, app in get_commands().items()}
print(json.dumps({name: [*parser._option_string_actions] for name, parser in parsers.items()}))
"""


def unknown_to_make(command: Command) -> Iterator[str]:
    """Yield the targets and variables that no Makefile has, and the files that no project has."""
    makefiles = "".join((REPOSITORY / name).read_text() for name in files() if name.endswith(("Makefile", ".mk")))
    targets = re.findall(r"^([a-z][\w-]*):", makefiles, re.MULTILINE)
    variables = set(re.findall(r"\$\$?[({]?([A-Z_]+)", makefiles))
    for called in re.findall(r"\bmake ([^&|;,)`]+)", command.text):
        for word in shlex.split(called):
            name, is_variable, value = word.partition("=")
            if is_variable and name not in variables:
                yield f"make has no variable {name}"
            elif value.endswith(".py") and not any(f"/{each}".endswith(f"/{value}") for each in files()):
                yield f"there is no {value}"
            elif not is_variable and not name.startswith("-") and name not in targets:
                yield f"make has no target {name}"


def unknown_to_django(command: Command) -> Iterator[str]:
    """Yield the commands and options that the service of the document lacks; or else, every service."""
    mine = [service for service in SERVICES if command.document.startswith(f"{service}/")] or SERVICES
    for name, rest in re.findall(r"manage\.py (\w+)([^|;&)]*)", command.text):
        used = set(re.findall(r"(?<!\S)\[?(--[\w-]+)", rest))
        missing = [used - options[name] if name in options else {name} for options in map(_options, mine)]
        fewest = min(missing, key=lambda found: (name in found, len(found)))
        yield from (f"manage.py {name} has no {each}" for each in fewest)


@cache
def _options(service: str) -> dict[str, set[str]]:
    """The management commands of a service with their options."""
    folder = REPOSITORY / service
    settings = "admin_settings" if (folder / "config" / "admin_settings.py").exists() else "settings"
    environment = {"DEBUG": "true", "DATABASE_URL": "sqlite://:memory:", "DJANGO_SETTINGS_MODULE": f"config.{settings}"}
    done = subprocess.run(
        [folder / ".venv" / "bin" / "python", "-c", OPTIONS],
        cwd=folder,
        env={**plain_environment(), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return {name: set(options) for name, options in json.loads(done.stdout).items()}


def unknown_to_the_cluster(command: Command) -> Iterator[str]:
    """Yield the names that no manifest has, and the files and folders of manifests that do not exist."""
    manifests = "".join((REPOSITORY / name).read_text() for name in files() if "/deploy/kubernetes/" in name)
    for name in re.findall(
        r"(?<!/)\b(?:deploy|deployment|job|service|configmap|generic)[/ ]([a-z][a-z-]*)", command.text
    ):
        if not re.search(rf"\bname: {name}\b", manifests):
            yield f"no manifest names {name}"
    for path in re.findall(r" -[kf] (\S+)", command.text):
        if not (REPOSITORY / path).exists() and not OF_THE_EXAMPLE.fullmatch(path):
            yield f"there is no {path}"


def unknown_to_compose(command: Command) -> Iterator[str]:
    """Yield the subcommands that nobody has reviewed, and those that name no service of the compose files."""
    for words in re.findall(r"docker compose((?: [^ )]+)*)", command.text):
        given = [word for word in re.sub(r"--(user|profile) (\"[^\"]*\"|\S+)", "", words).split() if word[0] != "-"]
        if given and given[0] not in SUBCOMMANDS_OF_COMPOSE:
            yield f"docker compose {given[0]} is not reviewed"
        if given[1:] and given[1] not in _services_of_compose() | {"|"}:
            yield f"compose has no service {given[1]}"


@cache
def _services_of_compose() -> set[str]:
    texts = (path.read_text() for path in REPOSITORY.glob("docker-compose*.yml"))
    return {name for text in texts for name in re.findall(r"^  (\w+):", text, re.MULTILINE)}


def unknown_settings(command: Command) -> Iterator[str]:
    """Yield the variable that no program reads."""
    name = command.text.partition("=")[0]
    if not any(f'"{name}"' in (REPOSITORY / path).read_text() for path in files() if path.endswith(".py")):
        yield f"nothing reads {name}"
