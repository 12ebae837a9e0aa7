"""A service's relay and consumer as a process of their own."""

import os
import signal
import threading
from collections.abc import Callable

from werkzeug.serving import WSGIRequestHandler, make_server

from shared import runtime
from shared.db import Database
from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.revisions import needed_by
from shared.service import Service
from shared.settings import settings
from shared.tracing import TRACING
from shared.web import logging as web_logging
from shared.web.app import create_app
from shared.web.routes import Routes

STOP = frozenset({signal.SIGINT, signal.SIGTERM})
LOOK_SECONDS = 1.0
# Long after it was told of (`PULSE_SECONDS`), and longer than any batch of events takes.
STALLED_SECONDS = 600.0


class Unlogged(WSGIRequestHandler):
    """Leaves the log of requests to the application."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def work(service: Service, role: str, port: int | None) -> None:
    """Work until SIGTERM or SIGINT.

    `LauncherError` when a thread ended that should not have, or has not got on for long: whoever
    started this process is to start it anew.
    """
    web_logging.configure(service.name, settings().log_level)
    # Before there is another thread: they arrive where they are waited for, and nowhere else.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    os.nice(service.niceness)
    database = runtime.open_database(service)
    background = runtime.Background(service, database, runtime.Role(role)).start()
    if port:
        answer_probes(service, database, background.works, port)
    while background.alive() and background.stalled_seconds() < STALLED_SECONDS:
        if signal.sigtimedwait(STOP, LOOK_SECONDS):
            background.stop()
            TRACING.flush()
            return
    background.stop()
    raise LauncherError(_("Events are not being worked on."))


def answer_probes(
    service: Service, database: Database, is_working: Callable[[], bool], port: int
) -> None:
    """Answer `/livez`, `/readyz` and `/metrics` until the process ends."""
    needed = needed_by(service.folder)
    app = create_app(Routes(service.name), database, is_working=is_working, needed=needed)
    server = make_server(settings().bind, port, app, threaded=True, request_handler=Unlogged)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
