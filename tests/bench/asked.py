"""What the service of marks asks of its database for one save: the same code on the same tables."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing

from shared.db import Database
from shared.service import load_service
from shared.web.app import create_app
from tests.bench.load import GOOD, Call
from tests.bench.rows import Row
from tests.bench.system import OWNER_URL, System
from tests.support.statements import counted

SERVICE = "marks"
# The first word, and the tables that it looks at or changes.
TABLES = re.compile(r"(?:\bFROM|\bJOIN|\bINTO|\bUPDATE) ([a-z_]+)\b(?!\()")


def rows(system: System, saves: Mapping[str, Call]) -> Iterator[Row]:
    for what, call in saves.items():
        asked = statements(system, call)
        told = "; ".join(map(tables_of, asked))
        yield Row(f"statements of {what}", f"{len(asked)}: {told}", "bare: 1")


def tables_of(statement: str) -> str:
    """The tables of a statement, each once, in the order in which it names them."""
    return ", ".join(dict.fromkeys(TABLES.findall(statement)))


def statements(system: System, call: Call) -> list[str]:
    """Those sent for one request, but for begin and commit."""
    with closing(Database(system.stack.home.secret(OWNER_URL))) as database:
        client = create_app(load_service(SERVICE).routes, database).test_client()
        with counted(database) as sent:
            answer = client.open(
                call.path,
                method=call.method,
                data=call.body,
                headers={"Content-Type": "application/json", **system.authorization()},
            )
    assert answer.status_code in GOOD, answer.text
    return sent
