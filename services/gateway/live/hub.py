"""One reader for all listeners of a process: it looks at the stream and tells each what is theirs.

So a listener costs no query and no connection: five hundred of them are one short query every
`LOOK_SECONDS`, in as many processes as there are.
"""

import logging
import queue
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.gateway.live import queries
from services.gateway.live.queries import Told
from shared import clock
from shared.access.models import AccessVersion
from shared.access.principal import Principal
from shared.access.tokens import as_of_now
from shared.db import Database
from shared.errors import TooManyRequestsError, UnauthenticatedError, UnavailableError
from shared.i18n import gettext as _

LOOK_SECONDS = 0.2
# Changes of access are looked for this far back: they may have been written by another process.
LOOK_BACK = timedelta(seconds=30)
# A listener that has not taken in so many events is hung up on: it comes back and asks for them.
MOST_WAITING = 1000
MOST_LISTENERS = 800
# One account may have most of them, as a tool with many programs, but never all.
MOST_OF_ONE = 600
COME_AGAIN_SECONDS = 5

READER = "live events reader"

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Listener:
    """One open stream: whose, until when, and from which event on it is told by the reader.

    `who` is what the account may do now.
    """

    who: Principal
    until: datetime
    position: int
    is_over: bool = False
    waiting: "queue.Queue[Told | None]" = field(default_factory=lambda: queue.Queue(MOST_WAITING))

    @property
    def seconds_left(self) -> float:
        return 0.0 if self.is_over else (self.until - clock.now()).total_seconds()

    def tell(self, told: Told) -> None:
        try:
            self.waiting.put_nowait(told)
        except queue.Full:
            self.end()

    def keep_up(self, known: AccessVersion | None) -> None:
        """What was granted since the stream was opened holds; after a loss it is over."""
        if known is None:
            return
        try:
            self.who = as_of_now(self.who, known)
        except UnauthenticatedError:
            self.end()

    def end(self) -> None:
        self.is_over = True
        try:
            # Only to wake it.
            self.waiting.put_nowait(None)
        except queue.Full:
            return


class Hub:
    """The listeners of this process, and the thread that reads for them while there are any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()
        self._position = 0
        self._stop = threading.Event()
        self._reader: threading.Thread | None = None

    def listen(self, who: Principal, until: datetime) -> Listener:
        """A listener that is told of every event after its `position`.

        TooManyRequestsError where the account has as many as one may, UnavailableError where all
        have.
        """
        with self._lock:
            if self._count_of(who) >= MOST_OF_ONE:
                raise TooManyRequestsError(
                    _("Your account has as many streams open as it may."),
                    headers={"Retry-After": str(COME_AGAIN_SECONDS)},
                )
            if self._stop.is_set() or len(self._listeners) >= MOST_LISTENERS:
                raise UnavailableError(
                    _("Too many are listening. Please try again in a moment."),
                    headers={"Retry-After": str(COME_AGAIN_SECONDS)},
                )
            if self._reader is None:
                self._begin()
            listener = Listener(who, until, self._position)
            self._listeners.add(listener)
            return listener

    def _count_of(self, who: Principal) -> int:
        return sum(one.who.user_id == who.user_id for one in self._listeners)

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Hang up on all: the process is to end."""
        self._stop.set()
        with self._lock:
            for listener in self._listeners:
                listener.end()

    def _begin(self) -> None:
        with self._database.reading() as session:
            self._position = queries.position(session)
        self._reader = threading.Thread(target=self._read, name=READER, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while self._is_needed():
            try:
                more = self._look()
            except Exception:
                # The database may be away; the listeners stay, and are told when it is back.
                log.exception("the stream of events cannot be read")
                more = False
            if not more:
                self._stop.wait(LOOK_SECONDS)

    def _is_needed(self) -> bool:
        with self._lock:
            if self._listeners and not self._stop.is_set():
                return True
            self._reader = None
            return False

    def _look(self) -> bool:
        """Tell what is new; whether there may be more."""
        with self._database.reading() as session:
            told = queries.after(session, self._position)
            changed = queries.changed_since(session, clock.now() - LOOK_BACK)
        with self._lock:
            for listener in self._listeners:
                listener.keep_up(changed.get(listener.who.user_id))
                for one in told:
                    if not listener.is_over and one.audience.includes(listener.who):
                        listener.tell(one)
            if told:
                self._position = told[-1].seq
        return len(told) == queries.BATCH
