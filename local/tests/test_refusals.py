"""What `make run` cannot use is refused in one sentence."""

import os
from pathlib import Path

import pytest

from commands.cli import main
from stack.errors import StackError
from stack.ports import free_ports, require_free

NOBODY = 65534


def test_one_port_for_both_listeners_is_refused() -> None:
    (port,) = free_ports(1)

    with pytest.raises(StackError, match=rf"Port {port} cannot be used: .* INTERNAL_PORT=\.\.\."):
        require_free(PORT=port, INTERNAL_PORT=port)


@pytest.mark.parametrize("port", [-1, 0, 99999])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(StackError, match=rf"There is no port {port}\. .* PORT=\.\.\."):
        require_free(PORT=port)


def test_a_file_where_the_data_should_be_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").touch()
    port, internal_port = free_ports(2)

    code = main(["run", f"--port={port}", f"--internal-port={internal_port}", f"--data={tmp_path / 'data'}"])

    assert (code, capfd.readouterr().err) == (1, f"[Errno 17] File exists: '{tmp_path / 'data'}'\n")


def test_a_data_folder_of_another_user_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    port, internal_port = free_ports(2)
    tmp_path.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)

    try:
        code = main(["run", f"--port={port}", f"--internal-port={internal_port}", f"--data={tmp_path / 'data'}"])
    finally:
        os.seteuid(os.getuid())
        tmp_path.chmod(0o700)

    assert code == 1
    (sentence,) = capfd.readouterr().err.splitlines()
    assert sentence.startswith(f"[Errno 13] Permission denied: '{tmp_path / 'data'}")
