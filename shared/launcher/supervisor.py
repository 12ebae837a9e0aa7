"""Starts children in stages, keeps them running, stops them in reverse order."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from shared.i18n import gettext as _
from shared.launcher.backoff import Backoff
from shared.launcher.child import Child
from shared.launcher.errors import LauncherError
from shared.launcher.files import last_lines
from shared.launcher.signals import Signals

POLL_SECONDS = 0.05
# A child's end wakes the watch at once; this is for nothing but safety.
WATCH_SECONDS = 5.0


@dataclass
class Watched:
    """A child that is meant to run all the time."""

    child: Child
    backoff: Backoff = field(default_factory=Backoff)
    started: float = field(default_factory=time.monotonic)
    restart_at: float | None = None


@dataclass
class Supervisor:
    """`say` tells the operator; `changed` is called when a child has another process id."""

    signals: Signals
    say: Callable[[str], None]
    changed: Callable[[], None]
    stages: list[list[Watched]] = field(default_factory=list)

    def start(self, *children: Child) -> None:
        """Start these together as one stage."""
        stage: list[Watched] = []
        self.stages.append(stage)
        for child in children:
            child.rotate_log()
            child.start()
            stage.append(Watched(child))
        self.changed()

    def run(self, child: Child) -> None:
        """Run `child` to its end; raises `LauncherError` with the end of its log if it fails."""
        others = list(self._all())
        self.start(child)
        while child.status is None:
            self._expect(others)
            self.signals.wait(WATCH_SECONDS)
        self.stages.pop()
        if child.status:
            raise self._died(child)

    def wait_until(self, reached: Callable[[], bool], what: str, seconds: float) -> None:
        """Wait for `reached`; raises `LauncherError` when a child dies or the time is over."""
        deadline = time.monotonic() + seconds
        while not reached():
            self._expect(self._all())
            if time.monotonic() > deadline:
                raise LauncherError(
                    _("%(what)s did not answer within %(count)d seconds.", what=what, count=seconds)
                )
            self.signals.wait(POLL_SECONDS)

    def watch(self) -> None:
        """Start again whatever dies, until a signal ends it (`InterruptedStartError`)."""
        while True:
            due = [self._tend(watched) for watched in self._all()]
            self.signals.wait(min([WATCH_SECONDS, *due]))

    def stop(self) -> None:
        """Stop the stages in reverse order, each together; bounded, and nothing is left."""
        for stage in reversed(self.stages):
            for watched in stage:
                watched.child.ask_to_stop()
            deadline = time.monotonic() + max((w.child.grace_seconds for w in stage), default=0)
            for watched in stage:
                watched.child.stop(max(0.0, deadline - time.monotonic()))
        self.stages.clear()

    def pids(self) -> dict[str, int]:
        return {w.child.name: w.child.pid for w in self._all() if w.child.pid is not None}

    def _all(self) -> Iterator[Watched]:
        for stage in self.stages:
            yield from stage

    def _expect(self, running: Iterable[Watched]) -> None:
        """While starting, a child that dies ends it all: it would only die again."""
        for watched in running:
            if watched.child.status is not None:
                raise self._died(watched.child)

    def _tend(self, watched: Watched) -> float:
        """Look after one child; gives the seconds until it needs to be looked at again."""
        now = time.monotonic()
        child = watched.child
        if child.status is None:
            return WATCH_SECONDS
        if watched.restart_at is None:
            delay = watched.backoff.delay(now - watched.started)
            watched.restart_at = now + delay
            self.say(
                _(
                    "%(name)s ended with status %(status)s; it is started again in %(count)d s.",
                    name=child.name,
                    status=child.status,
                    count=delay,
                )
            )
        if now < watched.restart_at:
            return watched.restart_at - now
        child.start()
        watched.started, watched.restart_at = now, None
        self.changed()
        return WATCH_SECONDS

    def _died(self, child: Child) -> LauncherError:
        return LauncherError(
            _(
                "%(name)s ended with status %(status)s. The end of %(log)s:\n%(lines)s",
                name=child.name,
                status=child.status,
                log=child.log,
                lines=last_lines(child.log),
            )
        )
