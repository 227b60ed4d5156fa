"""The editor's settings name every project, and the ports of `make run DEBUG_PORTS=yes`."""

import json
import re
import subprocess
from typing import Any

import pytest

from commands.run import DEBUG_PORTS
from stack.assembly import Assembly
from stack.guard import Guard
from stack.places import REPOSITORY
from stack.registry import REGISTRY, further_services
from stack.services import Service

COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
FILES = [".vscode/launch.json", ".vscode/settings.json", ".devcontainer/devcontainer.json", "shop.code-workspace"]


def read(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(COMMENT.sub("", (REPOSITORY / name).read_text()))


@pytest.mark.parametrize("name", FILES)
def test_it_is_json_with_comments_and_is_kept(name: str) -> None:
    ignored = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=REPOSITORY, check=False)  # noqa: S607

    assert read(name)
    assert ignored.returncode == 1


def test_every_project_is_a_folder_of_the_workspace() -> None:
    projects = {path.parent.name for path in REPOSITORY.glob("*/pyproject.toml")} - {"benchmarks", "service_template"}
    further = {entry.name for entry in further_services()}  # whoever adds one may name it

    assert {folder["path"] for folder in read("shop.code-workspace")["folders"]} - further == projects - further | {"."}


def test_a_debugger_attaches_at_the_ports_that_are_opened(tmp_path: Any) -> None:  # noqa: ANN401
    with Guard() as guard:
        assembly = Assembly(tmp_path, tmp_path, guard, debug_ports=DEBUG_PORTS)
        for name, entry in REGISTRY.items():
            assembly.serve(Service(name, {}))
            for process, command in entry.processes.items():
                assembly.add_process(process, command, Service(name, {}))

    attached = {
        configuration["name"].split()[0]: configuration["connect"]["port"]
        for configuration in read(".vscode/launch.json")["configurations"]
        if configuration["request"] == "attach"
    }
    assert attached == {name: port for name, port in assembly.debuggers.items() if name in attached}
    further = {part for entry in further_services() for part in (entry.name, *entry.processes)}
    assert assembly.debuggers.keys() - further <= attached.keys()
