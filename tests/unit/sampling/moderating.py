"""A moderator at work on a sample, as the tests of moderation need it."""

from typing import Any

from werkzeug.test import TestResponse

from shared.access.principal import Principal
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest
from tests.unit.sampling.events import CENTRE, PAPER

MODERATION = f"/api/sampling/centres/{CENTRE}/papers/{PAPER}/moderation"
SAMPLE = ["0001", "0003", "0005", "0007", "0009", "0011", "0012"]
# What the centre gave them, by `generated`: 30 for 0001 and one less for each after.
CENTRE_MARKS = {number: 31 - int(number) for number in SAMPLE}


def call(service: ServiceUnderTest, who: Principal, method: str, at: str, **body: Any) -> Any:
    """The answer to a request, whatever it is."""
    path = f"{MODERATION}/{at}" if at else MODERATION
    return service.call(method, path, who, **({"json": body} if body else {}))


def save(service: ServiceUnderTest, *rows: Any, as_: Principal = MODERATOR) -> TestResponse:
    return service.call("PATCH", f"{MODERATION}/marks", as_, json={"candidates": rows})


def mark_all(service: ServiceUnderTest, difference: int = 0, *numbers: str) -> None:
    """The moderator gives everybody in the sample (or only some) so much more than the centre."""
    rows = [
        {"candidate_no": number, "total": CENTRE_MARKS[number] + difference}
        for number in numbers or SAMPLE
    ]
    answer = save(service, *rows)
    assert (answer.json or {})["refused"] == []


def read(service: ServiceUnderTest, as_: Principal = MODERATOR) -> Any:
    answer = service.call("GET", MODERATION, as_)
    assert answer.status_code == 200
    return answer.json


def complete(service: ServiceUnderTest, outcome: str, **body: Any) -> TestResponse:
    wanted = {"outcome": outcome, **body}
    return service.call("POST", f"{MODERATION}/completion", MODERATOR, json=wanted)


def decide(service: ServiceUnderTest, decision: str = "approved", **body: Any) -> TestResponse:
    wanted = {"decision": decision, **body}
    return service.call("POST", f"{MODERATION}/decision", BOARD, json=wanted)


def slug(answer: TestResponse) -> str:
    return str((answer.json or {})["type"]).rpartition(":")[2]
