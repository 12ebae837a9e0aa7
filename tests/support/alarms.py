"""The alarms of RabbitMQ: in one it takes no message, and still hands out those it has."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.launcher.rabbitmq import PROGRAMS
from tests.support.stack import Stack
from tests.support.waiting import wait_for

CONTROL_SECONDS = 60
RAISED_SECONDS = 30

Control = Callable[..., str]


@dataclass(frozen=True)
class Alarm:
    """What raises it, and what ends it; `control` is `rabbitmqctl`."""

    control: Control
    command: str
    high: str
    usual: str

    def begin(self) -> None:
        self.control(self.command, self.high)
        wait_for("the broker is in alarm", lambda: self.told() != "[]", RAISED_SECONDS)

    def end(self) -> None:
        self.control(self.command, self.usual)
        wait_for("the alarm is over", lambda: self.told() == "[]", RAISED_SECONDS)

    def told(self) -> str:
        return self.control("eval", "rabbit_alarm:get_local_alarms().").strip()


def alarms(control: Control) -> dict[str, Alarm]:
    """Both of them, by what runs short."""
    return {
        "memory": Alarm(control, "set_vm_memory_high_watermark", "0", "0.4"),
        "disk": Alarm(control, "set_disk_free_limit", "100000GB", "50MB"),
    }


@contextmanager
def short_of(stack: Stack, what: str) -> Iterator[None]:
    """The broker of the system in an alarm."""
    alarm = alarms(lambda *arguments: _control(stack, *arguments))[what]
    alarm.begin()
    try:
        yield
    finally:
        alarm.end()


def _control(stack: Stack, *arguments: str) -> str:
    """What `rabbitmqctl` says, told of the broker what its process was."""
    told = Path(f"/proc/{stack.service_pid('rabbitmq')}/environ").read_bytes().split(b"\0")
    environment = dict(one.decode().split("=", 1) for one in told if one)
    done = subprocess.run(
        [str(PROGRAMS / "rabbitmqctl"), *arguments],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=CONTROL_SECONDS,
    )
    return done.stdout
