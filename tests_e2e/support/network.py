"""A network of a test's own, in which packets are lost without a word."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CLONE_NEWNET = 0x40000000
NEW, OLD = "30000 39999", "20000 29999"
CLIENT_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
_libc = ctypes.CDLL(None, use_errno=True)


class Network:
    """The loopback interface of the namespace that this thread, and what it starts, is in."""

    def __init__(self) -> None:
        _run("ip", "link", "set", "lo", "up")
        CLIENT_PORTS.write_text(OLD)

    def lose_connections(self, port: int) -> None:
        """Drop the packets of all connections to this port that were made so far; new ones can be made."""
        CLIENT_PORTS.write_text(NEW)
        ports = OLD.replace(" ", ":")
        self._drop("--dport", str(port), "--sport", ports)
        self._drop("--sport", str(port), "--dport", ports)

    def lose_everything(self, port: int) -> None:
        """Drop all packets from and to this port, also those of a client that connects."""
        self._drop("--dport", str(port))
        self._drop("--sport", str(port))

    def lose_nothing(self) -> None:
        _run(_iptables(), "--flush", "INPUT")

    def _drop(self, *which: str) -> None:
        _run(_iptables(), "--append", "INPUT", "--protocol", "tcp", *which, "--jump", "DROP")


@contextmanager
def network_of_its_own() -> Iterator[Network]:
    """Put this thread, and what it starts, into a network namespace until the block ends, or skip the test."""
    usual = os.open("/proc/self/ns/net", os.O_RDONLY)
    if _libc.unshare(CLONE_NEWNET):
        os.close(usual)
        pytest.skip(f"no network namespace may be made here: {os.strerror(ctypes.get_errno())}")
    try:
        yield Network()
    finally:
        if _libc.setns(usual, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "cannot go back to the usual network")
        os.close(usual)


def _iptables() -> str:
    return shutil.which("iptables", path="/usr/sbin:/sbin:/usr/bin") or pytest.skip("iptables was not found")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
