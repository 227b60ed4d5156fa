"""Ports for shops that are started at the same time."""

from stack.ports import free_ports


def test_a_process_is_given_no_port_twice() -> None:
    ports = [port for _ in range(1000) for port in free_ports(2)]

    assert len(set(ports)) == len(ports)
