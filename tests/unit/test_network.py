"""The network as unit tests see it: there is none."""

import socket

import pytest
from pytest_socket import SocketBlockedError


def test_a_unit_test_opens_no_socket() -> None:
    with pytest.raises(SocketBlockedError):
        socket.socket()
