"""The commands of docs/operations.md make the secrets of a cluster, and kubectl finds each file under its name."""

import json
import subprocess
from pathlib import Path

import pytest

from documents.document import Document, documents
from stack.environment import plain_environment
from stack.places import REPOSITORY
from stack.registry import SERVICES

# It takes what it can read, and fails for the rest.
KUBECTL = """\
#!/bin/sh
set -e
for argument; do
    case $argument in --from-file=*) test -s "${argument##*=}" ;; esac
    case $before in -f) test -f "$argument" ;; -k) test -f "$argument/kustomization.yaml" ;; esac
    before=$argument
done
echo "$@"
"""


@pytest.fixture
def operations() -> Document:
    (page,) = (each for each in documents() if each.name == "docs/operations.md")
    return page


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What an operator has: the repository, and the identity provider's keys."""
    for name in (*SERVICES, "compose", "local", "nginx"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "provider.jwks.json").write_text('{"keys": []}')
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "kubectl").write_text(KUBECTL)
    (tmp_path / "bin" / "kubectl").chmod(0o700)
    return tmp_path


def run(document: Document, *, section: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the blocks of a section one after the other, up to the first that fails."""
    text = "".join(code.text for code in document.codes() if code.section == section and code.language == "sh")
    environment = plain_environment()
    return subprocess.run(
        ["/bin/sh", "-ec", text],
        cwd=folder,
        env={**environment, "PATH": f"{folder / 'bin'}:{environment['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_keys_and_secrets_are_made_and_named_as_kubectl_is_told(operations: Document, folder: Path) -> None:
    made = run(operations, section="Keys", folder=folder)
    set_up = run(operations, section="Set-up", folder=folder)

    assert (made.returncode, set_up.returncode) == (0, 0), made.stderr + set_up.stderr
    assert "apply -k order_service/deploy/kubernetes" in set_up.stdout
    (key,) = [*folder.glob("order_service_private"), *folder.glob(".data/*/order_service_private")]
    (public,) = json.loads(key.with_name("order_service_jwks").read_text())["keys"]
    assert json.loads(key.read_text()).items() > public.items()
    assert key.stat().st_mode & key.parent.stat().st_mode & 0o077 == 0  # containers read files of another user


def test_a_file_that_nothing_made_ends_it(operations: Document, folder: Path) -> None:
    done = run(operations, section="Set-up", folder=folder)

    assert done.returncode != 0
    assert "order-service-identity" not in done.stdout
