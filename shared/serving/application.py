"""A service under gunicorn: workers whose threads serve.

On the embedded stack there is one, with the relay and the consumer of the service beside it.
"""

import logging
import os

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from prometheus_client.multiprocess import mark_process_dead

from shared import runtime
from shared.launcher.child import die_with
from shared.service import Service
from shared.serving.refusing import reading_bodies
from shared.settings import METRICS_FOLDER, inherited, settings
from shared.tracing import TRACING
from shared.web import logging as web_logging

# By name: only the process that serves with it is to load gevent.
EVENTED = "shared.serving.worker.PromptWorker"
THREADED = "shared.serving.threaded.DrainingWorker"
LISTENERS = 1000
# Longer than any client keeps an idle connection, so that it is never the server who hangs up.
KEEP_ALIVE_SECONDS = 75
# So long requests under way may take to end; a file in parts goes on with its next part elsewhere.
GRACE_SECONDS = 20


class PlainLogger(Logger):  # type: ignore[misc]
    """Leaves gunicorn's own lines to the log of the process; requests are logged by the app."""

    def setup(self, cfg: object) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)


class Application(BaseApplication):  # type: ignore[misc]
    """Serves `service`; what must not be shared by processes is made in the worker."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.background: runtime.Background | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options().items():
            self.cfg.set(name, value)

    def options(self) -> dict[str, object]:
        return {
            "bind": self.addresses(),
            "workers": settings().workers,
            "worker_class": EVENTED if self.service.public else THREADED,
            "threads": settings().threads or self.service.threads,
            "worker_connections": LISTENERS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "control_socket_disable": True,
            "logger_class": PlainLogger,
            # Forwarded headers are judged by the application, not believed here.
            "forwarded_allow_ips": "",
            "post_fork": self.after_fork,
            "post_worker_init": self.start_background,
            "worker_exit": self.stop_background,
            "child_exit": self.after_child,
        }

    def addresses(self) -> list[str]:
        """Where it listens: on a port of its own for metrics, where people reach the other."""
        apart = settings().metrics_port if self.service.public else None
        ports = [settings().port, *([apart] if apart else [])]
        return [f"{settings().bind}:{port}" for port in ports]

    def load(self) -> Flask:
        self.database = runtime.open_database(self.service)
        app = runtime.web_app(self.service, self.database, self.is_working)
        # Flask has it as a method, which is meant to be wrapped.
        app.wsgi_app = reading_bodies(app.wsgi_app)  # type: ignore[assignment,method-assign]
        return app

    def after_fork(self, arbiter: Arbiter, _worker: Worker) -> None:
        die_with(arbiter.pid)
        os.nice(self.service.niceness)

    def after_child(self, _arbiter: Arbiter, worker: Worker) -> None:
        if METRICS_FOLDER in inherited():
            mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]

    def is_working(self) -> bool:
        return self.background is None or self.background.works()

    def start_background(self, _worker: Worker) -> None:
        if settings().stack == "embedded":
            self.background = runtime.Background(self.service, self.database).start()

    def stop_background(self, _arbiter: Arbiter, _worker: Worker) -> None:
        if self.background:
            self.background.stop()
        TRACING.flush()


def serve(service: Service) -> None:
    """Serve until SIGTERM: requests are finished, then relay and consumer where they run here."""
    web_logging.configure(service.name, settings().log_level)
    Application(service).run()
