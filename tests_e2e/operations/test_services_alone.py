"""The session in each service's README works as it is pasted, from its folder, without the rest of the shop."""

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from stack.environment import plain_environment
from stack.places import service_folder
from stack.ports import free_ports
from stack.registry import SERVICES

pytestmark = [pytest.mark.since("product_service", "0.2.0"), pytest.mark.since("order_service", "0.2.0")]

SHOWN = {
    "product_service": ['"name":"Desk lamp"', "201 Created"],
    "order_service": ["Order 1: 2 x Desk lamp", "201 Created"],
}


def session(folder: Path, ports: dict[str, int]) -> str:
    """The indented lines under "Alone", on ports of their own; the environment is made already."""
    section = (folder / "README.md").read_text().split("## Alone", 1)[1].split("\n## ", 1)[0]
    lines = [line[4:] for line in section.splitlines() if line.startswith("    ")]
    text = "\n".join(line for line in lines if "pip install" not in line and "pytest" not in line)
    for usual, port in ports.items():
        text = text.replace(f"127.0.0.1:{usual}", f"127.0.0.1:{port}")
    return text.replace("-m products_stand_in &", f"-m products_stand_in --port {ports['8081']} &")


@pytest.mark.parametrize("name", SERVICES)
def test_its_session_works_as_it_is_pasted(name: str, tmp_path: Path) -> None:
    original = service_folder(name)
    left_out = shutil.ignore_patterns(".venv", ".data", "tests", "*.sqlite3*", "__pycache__")
    folder = Path(shutil.copytree(original, tmp_path / name, ignore=left_out))
    (folder / ".venv").symlink_to(original / ".venv")
    ports = dict(zip(("8000", "8081"), free_ports(2), strict=True))
    pasted = session(folder, ports)
    environment = {
        **plain_environment(),
        "BIND": f"127.0.0.1:{ports['8000']}",
        "PRODUCTS_URL": f"http://127.0.0.1:{ports['8081']}",
        "WEB_CONCURRENCY": "1",
    }

    with subprocess.Popen(
        ["/bin/sh", "-c", f"{pasted}\necho; echo THE END"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as shell:
        assert shell.stdout is not None
        shown = ""
        for line in shell.stdout:
            shown += line
            if "THE END" in line:
                break
        os.killpg(shell.pid, signal.SIGTERM)

    assert [words for words in SHOWN[name] if words not in shown] == [], shown
    assert not re.search("Traceback|CommandError", shown), shown
