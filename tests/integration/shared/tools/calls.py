"""What is asked of tools, and an event for them."""

import json

from click.testing import CliRunner, Result

from shared.bus import EVENTS, Message
from shared.cli import main
from shared.settings import settings


def iamis(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(settings().home), *arguments])


def added(*arguments: str) -> str:
    """Add a tool; what is told of it."""
    told = iamis("tools", "add", *arguments)
    assert told.exit_code == 0, told.output
    return told.output


def message(number: int, centre: str = "68101", exchange: str = EVENTS) -> Message:
    body = json.dumps({"id": f"event-{number}", "name": "Ŵyn"}, ensure_ascii=False).encode()
    return Message(f"event-{number}", exchange, f"marks.submitted.v1.{centre}.p1", body)
