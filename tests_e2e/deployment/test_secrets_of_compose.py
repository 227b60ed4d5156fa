"""The secrets that `make up` makes: under the names of the cluster, and out of reach of other users of the machine."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from stack.places import REPOSITORY
from support.manifests import compose


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def make(folder: Path) -> dict[str, str]:
    command = [sys.executable, str(REPOSITORY / "compose" / "make_secrets.py"), str(folder)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "local")}, check=True)
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that everybody can enter, as the umask may have left it."""
    folder = tmp_path / "keys"
    folder.mkdir()
    folder.chmod(0o755)
    return folder


def test_the_files_have_the_names_of_the_secrets(folder: Path) -> None:
    made, secrets = make(folder), compose()["secrets"]

    assert made.keys() == {*secrets, "issuer_private"}
    assert {name: each["file"].rpartition("/")[2] for name, each in secrets.items()} == {name: name for name in secrets}


def test_only_their_owner_enters_the_folder_and_reads_the_issuers_key(folder: Path) -> None:
    make(folder)

    assert (mode(folder), mode(folder / "issuer_private")) == (0o700, 0o600)
    # A container's user is another one, so that what is mounted into it must be readable there.
    assert {mode(path) for path in folder.iterdir()} == {0o444, 0o600}


def test_passwords_of_an_earlier_version_are_kept(folder: Path) -> None:
    password = "as the database knows it"  # noqa: S105 - of a database that there is not
    (folder / "order_database.password").write_text(password)

    made = make(folder)

    assert (made["order_database_password"], password in made["order_database_url"]) == (password, True)
    assert "order_database.password" not in made
