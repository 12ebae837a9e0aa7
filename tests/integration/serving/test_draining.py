"""A worker that is ending, told more than once to take nobody in."""

import logging
import os
import selectors
import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.sock import TCPSocket

from shared.serving.threaded import DrainingWorker


@pytest.fixture
def worker() -> Iterator[DrainingWorker]:
    """It listens, and there is nobody yet."""
    config, log = Config(), logging.getLogger(__name__)
    door = TCPSocket(("127.0.0.1", 0), config, log)
    worker = DrainingWorker(0, os.getppid(), [door], None, 0, config, log)
    worker.poller = selectors.DefaultSelector()
    worker.tpool = worker.get_thread_pool()
    worker.method_queue.init()
    worker.set_accept_enabled(True)
    yield worker
    worker.tpool.shutdown()
    worker.method_queue.run_callbacks(None)
    worker.poller.close()
    worker.method_queue.close()
    worker.tmp.close()
    door.close()


def test_the_door_is_shut_once_and_whoever_knocked_before_is_in(worker: DrainingWorker) -> None:
    """As it is full while SIGTERM comes: shut for that, and once more as it ends."""
    (door,) = worker.sockets
    address = door.getsockname()
    with socket.create_connection(address):
        worker.alive = False
        for _again in range(2):
            worker.set_accept_enabled(False)
        assert worker.nr_conns == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)
