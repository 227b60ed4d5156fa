"""A server for tests leaves nothing behind when Ctrl-C stops its start."""

import os
import tempfile
from pathlib import Path

import pytest

from service_kit.testing.postgres_cluster import Cluster


def test_ctrl_c_while_it_is_made_removes_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    folder = tmp_path / "pg"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: str(folder))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(Cluster, "_run", interrupt)

    with pytest.raises(KeyboardInterrupt):
        Cluster(Path("/usr/bin"))

    assert not folder.exists()
