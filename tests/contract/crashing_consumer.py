"""Run by a test: takes one message from the bus and dies with it in hand."""

import os
import signal
import sys
import threading
from pathlib import Path

from shared.bus import Failures
from shared.bus.embedded import EmbeddedBus
from shared.bus.rabbitmq import RabbitMQBus


def die(_messages: object) -> Failures:
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


where, queue = sys.argv[1:]
bus = RabbitMQBus(where) if where.startswith("amqp:") else EmbeddedBus(Path(where))
bus.consume(queue, die, threading.Event())
