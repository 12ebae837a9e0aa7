"""A distribution with three small services, to run the launcher without the real ones.

It bears the name of the real distribution and stands before it on the path, so that its entry
points are the ones that are found.
"""

from pathlib import Path

MODULE = """
import os
import socket
import time
from pathlib import Path

from flask import Flask, jsonify
from sqlalchemy import MetaData

from shared.access.rules import ANYONE
from shared.service import Service
from shared.settings import settings
from shared.web.routes import Routes

FOLDER = Path(__file__).parent


def service(name):
    def extend(app):
        def who():
            return jsonify(name=name, pid=os.getpid(), niceness=os.nice(0))

        who.access_rule = ANYONE
        app.add_url_rule("/who", view_func=who)

        def slow():
            (settings().home / "slow").touch()
            while not (settings().home / "enough").exists():
                time.sleep(0.01)
            return jsonify(name=name)

        slow.access_rule = ANYONE
        app.add_url_rule("/slow", view_func=slow)

    return Service(
        name,
        FOLDER,
        MetaData(),
        Routes(name),
        extend=extend,
        public=name == "gateway",
        niceness=3 if name == "first" else 0,
    )


first, second, gateway = service("first"), service("second"), service("gateway")


def demo(urls, given):
    (given.home / "demo-runs").open("a").write("run ")
    with socket.socket() as client:
        is_open = client.connect_ex(("127.0.0.1", given.port)) == 0
    (given.home / "gateway-during-demo").write_text("open" if is_open else "closed")
    if os.environ.get("DUMMY_DEMO_FAILS"):
        raise RuntimeError("the demo data is broken")
    accounts = '[{"email": "a@b.example", "password": "p", "role": "admin", "centre_no": null}]'
    (given.home / "demo-accounts.json").write_text(accounts)
"""

ENTRY_POINTS = """
[iamis.services]
first = dummies:first
second = dummies:second
gateway = dummies:gateway
[iamis.demo]
demo = dummies:demo
"""

METADATA = "Metadata-Version: 2.1\nName: iamis\nVersion: 0\n"


def install(folder: Path) -> dict[str, str]:
    """Write the distribution into `folder`; gives the environment in which it is found."""
    information = folder / "iamis-0.dist-info"
    information.mkdir(parents=True)
    (information / "METADATA").write_text(METADATA, encoding="utf-8")
    (information / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    (folder / "dummies.py").write_text(MODULE, encoding="utf-8")
    (folder / "migrations").mkdir()
    return {"PYTHONPATH": str(folder)}
