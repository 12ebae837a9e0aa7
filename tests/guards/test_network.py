"""The network as all other tests see it: this machine only."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_another_machine_is_out_of_reach() -> None:
    with (
        pytest.raises(SocketConnectBlockedError),
        socket.create_connection(("192.0.2.1", 80), timeout=1),
    ):
        pass


def test_this_machine_can_be_reached() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname(), timeout=5) as client,
    ):
        assert client.getpeername() == server.getsockname()
