"""The real stack while its parts die: what was acknowledged is there, and done once in effect."""

import os
import signal
from collections import Counter
from functools import partial

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import entries
from tests.support.effects import dead_letters
from tests.support.faults import (
    all_answer,
    all_told,
    bus_of,
    down,
    emitted,
    kept_dead,
    message_of,
    outbox,
)
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for
from tests.support.workers import another_worker
from tests.support.writers import Writer, more_saves, writing

CANDIDATES = 11
WRITERS = 4
OTHERS = ("reports", "uploads")
SECONDS = 90


def subject_of(sheet: Sheet) -> str:
    return f"{sheet.centre_no}/{sheet.paper_id}"


def kill(stack: Stack, name: str, with_signal: signal.Signals = signal.SIGKILL) -> None:
    """One process (and those it has started), and not all of the service."""
    os.killpg(stack.service_pid(name), with_signal)


def submitted(make_sheet: MakeSheet, count: int) -> list[Sheet]:
    sheets = [make_sheet(CANDIDATES) for _each in range(count)]
    for sheet in sheets:
        sheet.fill_all()
        sheet.submit()
    return sheets


def in_effect_once(stack: Stack, sheets: list[Sheet]) -> None:
    """Every service has the one sample of each sheet."""
    for sheet in sheets:
        wait_for("sample generated", partial(is_sampled, sheet), SECONDS)
    wait_for("all is told", lambda: all_told(stack), SECONDS)
    for sheet in sheets:
        sheet.settle()
        wait_for("the report knows the sample", partial(is_reported, sheet), SECONDS)
        sheet.wait_for_uploads(str(sheet.sample()["candidates"][0]["candidate_no"]))
        assert emitted(stack, "marks", "marks.submitted.v1", subject_of(sheet)) == 1
        assert emitted(stack, "sampling", "sample.generated.v1", subject_of(sheet)) == 1
        assert emitted(stack, "sampling", "sample.extended.v1", subject_of(sheet)) == 0
    assert dead_letters(stack) == []


def is_sampled(sheet: Sheet) -> bool:
    return bool(sheet.sample()["state"] == "generated")


def is_reported(sheet: Sheet) -> bool:
    chosen = {one["candidate_no"] for one in sheet.sample()["candidates"]}
    rows = sheet.report()["rows"]
    return {row["candidate_no"] for row in rows if row["sample"] == "Yes"} == chosen


def statuses_of(writers: list[Writer]) -> set[int]:
    """What was answered; how often is printed."""
    counted = sum((writer.statuses for writer in writers), Counter[int]())
    print("answers:", dict(counted))
    return set(counted)


@pytest.mark.parametrize(
    "service",
    ["marks", "sampling", *(pytest.param(each, marks=pytest.mark.long) for each in OTHERS)],
)
def test_a_worker_killed_in_the_middle_of_work(
    stack: Stack, make_sheet: MakeSheet, service: str
) -> None:
    sheets = submitted(make_sheet, 2)
    kill(stack, f"{service}-worker")
    sheets += submitted(make_sheet, 2)

    in_effect_once(stack, sheets)


@pytest.mark.long
def test_a_server_killed_while_marks_are_entered(stack: Stack, make_sheet: MakeSheet) -> None:
    with writing(make_sheet(60), WRITERS) as writers:
        kill(stack, "marks")
        wait_for("marks is back", lambda: all_answer(stack), SECONDS)
    assert statuses_of(writers) <= {200, 503}


@pytest.mark.long
def test_the_gateway_killed_while_marks_are_entered(stack: Stack, make_sheet: MakeSheet) -> None:
    with writing(make_sheet(60), WRITERS) as writers:
        kill(stack, "gateway")
        more_saves(writers)
    assert statuses_of(writers) <= {0, 200, 503}


@pytest.mark.long
def test_the_database_restarted_while_marks_are_entered(
    stack: Stack, make_sheet: MakeSheet
) -> None:
    sheets = submitted(make_sheet, 2)
    with writing(make_sheet(60), WRITERS) as writers:
        kill(stack, "postgres", signal.SIGINT)
        more_saves(writers)
        kill(stack, "postgres")
        more_saves(writers)
    assert statuses_of(writers) <= {200, 503}
    in_effect_once(stack, [*sheets, *submitted(make_sheet, 1)])


def test_without_the_broker_a_centre_enters_and_submits(
    stack: Stack, make_sheet: MakeSheet
) -> None:
    sheets = [make_sheet(CANDIDATES) for _each in range(4)]
    writing_sheet = make_sheet(60)
    with kept_dead(stack, "rabbitmq"):
        with writing(writing_sheet, WRITERS) as writers:
            for sheet in sheets:
                sheet.fill_all()
                sheet.submit()
        assert statuses_of(writers) == {200}
        assert not [sheet for sheet in sheets if is_sampled(sheet)]
        assert down(stack) == []
    in_effect_once(stack, sheets)


@pytest.mark.long
def test_two_workers_of_each_service_at_once(stack: Stack, make_sheet: MakeSheet) -> None:
    with another_worker(stack, "marks"), another_worker(stack, "sampling"):
        sheets = submitted(make_sheet, 8)
        in_effect_once(stack, sheets)
        kill(stack, "sampling-worker")
        kill(stack, "marks-worker")
        in_effect_once(stack, submitted(make_sheet, 4))


def test_events_of_one_subject_in_the_wrong_order(
    stack: Stack, make_sheet: MakeSheet, accounts: Accounts
) -> None:
    sheet = make_sheet(CANDIDATES)
    late = entries(sheet.paper()["code"], sheet.centre_no, [CANDIDATES + 1])
    wait_for("all is told", lambda: all_told(stack), SECONDS)
    with kept_dead(stack, "marks-worker"):
        accounts["board"].post_csv("/api/marks/imports/entries", late).expect(200)
        sheet.fill_all(60)
        sheet.submit()
        events = outbox(stack, "marks", subject_of(sheet))
        waiting = [row for row in events if row.published_at is None]
        assert len(waiting) > 1
        with bus_of(stack) as bus:
            for row in reversed(waiting):
                bus.publish([message_of(row)])
        in_turn = sheet.wait_for_sample()
    in_effect_once(stack, [sheet])

    assert sheet.sample()["candidates"] == in_turn
    assert len(sheet.report()["rows"]) == CANDIDATES + 1
