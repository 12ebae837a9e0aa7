"""Run by a test: takes one message from the bus and dies with it in hand."""

import os
import signal
import sys
import threading
from pathlib import Path

from shared.bus.embedded import EmbeddedBus


def die(_message: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


EmbeddedBus(Path(sys.argv[1])).consume(sys.argv[2], die, threading.Event())
