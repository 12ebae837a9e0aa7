"""Ports that nobody else uses."""

import socket

from shared.launcher.ports import CANDIDATES, free_ports, is_free


def test_free_ports_are_different_and_can_be_bound() -> None:
    found = free_ports(20)

    assert len(set(found)) == 20
    assert all(port in CANDIDATES for port in found)
    for port in found:
        with socket.create_server(("127.0.0.1", port)):
            """It was free."""


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)

    assert is_free(port)
