"""`GET /api/events` on the running system: five hundred listeners, and nothing slower for them."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import Api
from tests.support.listeners import Listener, Listeners
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

LISTENERS = 500
SAVES = 100
OWN = ["marks.submitted.v1", "sample.generated.v1"]


@pytest.fixture
def listeners(stack: Stack) -> Iterator[Listeners]:
    with Listeners(stack.base_url) as opened:
        yield opened


def keys_of(listener: Listener, sheet: Sheet) -> list[str]:
    """The types of what was told of this sheet."""
    subject = f"{sheet.centre_no}/{sheet.paper_id}"
    types = [event["type"] for _number, event in listener.events if event["subject"] == subject]
    return [name.removeprefix("iamis.") for name in types]


def is_told(listener: Listener, sheet: Sheet) -> bool:
    return set(keys_of(listener, sheet)) >= set(OWN)


def is_begun_by(listener: Listener, events: object) -> bool:
    return list(listener.events) == events


def open_all(listeners: Listeners, api: Api, count: int = 1) -> list[Listener]:
    api.renew()
    opened = list(listeners.open(api.token, count))
    wait_for(f"{count} streams are open", lambda: all(one.is_open for one in opened), 60)
    return opened


def saving(sheet: Sheet) -> list[float]:
    """How long each of many saves took, in milliseconds."""
    taken = []
    for number in range(SAVES):
        began = time.perf_counter()
        sheet.put(f"{number % 10 + 1:04d}", {"tasks": [number]}).expect(200)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def told(name: str, taken: list[float]) -> None:
    median, slow = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
    print(f"a mark saved {name}: median {median:.1f} ms, 95 of 100 within {slow:.1f} ms")


def test_many_listen_while_marks_are_saved(
    listeners: Listeners, accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(10)
    told("with nobody listening", saving(sheet))
    opened = open_all(listeners, accounts["user"], LISTENERS)
    told(f"with {LISTENERS} listening", saving(sheet))
    sheet.submit()
    wait_for("every listener is told", lambda: all(is_told(one, sheet) for one in opened), 60)
    assert {tuple(sorted(keys_of(one, sheet))) for one in opened} == {tuple(OWN)}


def test_who_comes_back_is_told_the_rest_and_nothing_twice(
    listeners: Listeners, accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheets = [make_sheet(2) for _each in range(3)]
    (whole,) = open_all(listeners, accounts["user"])
    for sheet in sheets:
        sheet.fill({"0001": [1], "0002": [2]})
        sheet.submit()
    wait_for("all is told", lambda: all(is_told(whole, sheet) for sheet in sheets))
    everything = whole.events
    for index in (0, len(everything) // 2, len(everything) - 1):
        last_seen = everything[index][0]
        (again,) = listeners.open(accounts["user"].token, last_seen=last_seen)
        rest = everything[index + 1 :]
        wait_for("the rest is told", partial(is_begun_by, again, rest))


def test_another_centre_is_told_nothing_of_it(
    listeners: Listeners, accounts: Accounts, make_sheet: MakeSheet
) -> None:
    sheet = make_sheet(2)
    (own,) = open_all(listeners, accounts["admin"])
    (foreign,) = open_all(listeners, accounts.foreign_admin)
    (board,) = open_all(listeners, accounts["board"])
    (moderator,) = open_all(listeners, accounts["appointee"])
    sheet.fill({"0001": [1], "0002": [2]})
    sheet.submit()
    wait_for("centre and board are told", lambda: is_told(own, sheet) and is_told(board, sheet))
    assert keys_of(foreign, sheet) == keys_of(moderator, sheet) == []
    assert "O'Neill" not in own.received.decode()


def test_it_ends_when_access_is_taken_away(
    stack: Stack, listeners: Listeners, accounts: Accounts, newcomer: Callable[[], dict[str, Any]]
) -> None:
    account = newcomer()
    teacher = Api.signed_in(stack.base_url, account)
    (ended,) = open_all(listeners, teacher)
    (stays,) = open_all(listeners, accounts["user"])
    user = f"/api/identity/centres/{accounts.centre_no}/users/{teacher.user['id']}"
    accounts["admin"].call("PATCH", user, {"iamis": False}).expect(200)
    wait_for("the stream has ended", lambda: ended.is_over)
    assert not stays.is_over
    refused = teacher.get("/api/events").expect(401)
    assert refused["type"] == "urn:iamis:problem:stale-token"
