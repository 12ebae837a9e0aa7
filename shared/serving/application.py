"""A service under gunicorn: one worker whose threads serve, and its relay and consumer beside."""

import logging

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker

from shared import runtime
from shared.launcher.child import die_with
from shared.service import Service
from shared.settings import settings
from shared.web import logging as web_logging

# By name: only the process that serves with it is to load gevent.
EVENTED = "shared.serving.worker.PromptWorker"
LISTENERS = 1000
# Longer than any client keeps an idle connection, so that it is never the server who hangs up.
KEEP_ALIVE_SECONDS = 75
GRACE_SECONDS = 10


class PlainLogger(Logger):  # type: ignore[misc]
    """Leaves gunicorn's own lines to the log of the process; requests are logged by the app."""

    def setup(self, cfg: object) -> None:
        self.error_log.propagate = True
        self.error_log.setLevel(logging.INFO)


class Application(BaseApplication):  # type: ignore[misc]
    """Serves `service` on `port`; what must not be shared by processes is made in the worker."""

    def __init__(self, service: Service, port: int) -> None:
        self.service = service
        self.port = port
        self.background: runtime.Background | None = None
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options().items():
            self.cfg.set(name, value)

    def options(self) -> dict[str, object]:
        return {
            "bind": f"{settings().bind}:{self.port}",
            "workers": 1,
            "worker_class": EVENTED if self.service.public else "gthread",
            "threads": self.service.threads,
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
        }

    def load(self) -> Flask:
        self.database = runtime.open_database(self.service)
        return runtime.web_app(self.service, self.database)

    def after_fork(self, arbiter: Arbiter, _worker: Worker) -> None:
        die_with(arbiter.pid)

    def start_background(self, _worker: Worker) -> None:
        self.background = runtime.Background(self.service, self.database).start()

    def stop_background(self, _arbiter: Arbiter, _worker: Worker) -> None:
        if self.background:
            self.background.stop()


def serve(service: Service, port: int) -> None:
    """Serve until SIGTERM: requests are finished, then relay and consumer."""
    web_logging.configure(service.name, settings().log_level)
    Application(service, port).run()
