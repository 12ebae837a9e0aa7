"""The baseline: a mark stored by Flask, SQLAlchemy and PostgreSQL, and nothing else.

python -m tests.bench.bare URL PORT

No account, no rule, no history, no event, no gateway: one upsert and its commit for each request,
under gunicorn as the services have it.
"""

import sys
from typing import Any

from flask import Flask, jsonify, request
from gunicorn.app.base import BaseApplication
from sqlalchemy import JSON, Column, Engine, MetaData, String, Table
from sqlalchemy.dialects.postgresql import insert

from shared.engine import make_engine
from shared.service import load_service
from shared.serving.application import KEEP_ALIVE_SECONDS

METADATA = MetaData()
MARKS = Table(
    "bench_marks",
    METADATA,
    Column("paper", String(64), primary_key=True),
    Column("candidate_no", String(4), primary_key=True),
    Column("tasks", JSON),
)


def bare_app(engine: Engine) -> Flask:
    app = Flask(__name__)

    @app.put("/papers/<paper>/candidates/<candidate_no>")
    def save(paper: str, candidate_no: str) -> Any:
        tasks = request.get_json()["tasks"]
        row = insert(MARKS).values(paper=paper, candidate_no=candidate_no, tasks=tasks)
        change = row.on_conflict_do_update(
            index_elements=["paper", "candidate_no"], set_={"tasks": tasks}
        )
        with engine.begin() as connection:
            connection.execute(change)
        return jsonify(candidate_no=candidate_no, tasks=tasks)

    return app


class Bare(BaseApplication):  # type: ignore[misc]
    def __init__(self, url: str, port: int) -> None:
        self._url, self._port = url, port
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{self._port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": load_service("marks").threads,
            "keepalive": KEEP_ALIVE_SECONDS,
            "control_socket_disable": True,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        engine = make_engine(self._url)
        METADATA.create_all(engine)
        return bare_app(engine)


if __name__ == "__main__":
    Bare(sys.argv[1], int(sys.argv[2])).run()
