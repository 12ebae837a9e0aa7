"""A long time without the broker: entering and submitting go on as usual, and memory stays flat."""

import os
from pathlib import Path
from statistics import median

import pytest

from tests.integration.conftest import Accounts
from tests.support.api import Api
from tests.support.effects import dead_letters, emitted_about, unhandled
from tests.support.faults import all_answer, kept_dead
from tests.support.papers import Papers, make_papers
from tests.support.roundtrips import seconds_of
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.long, pytest.mark.timeout(1200)]

SUBMISSIONS = 150
CANDIDATES = 3
# Of each candidate's mark, before it is submitted.
SAVES = 8
# What a process may need more for as many saves as it has seen before; a queue of what is not
# published, or of what wakes those who publish, would go beyond it.
GROWTH = 32 * 2**20
SECONDS = 180


def resident(stack: Stack) -> dict[int, int]:
    """The memory of each process that serves or works on events, in bytes, by its id."""
    page = os.sysconf("SC_PAGE_SIZE")
    ours = {
        pid
        for pid, command in stack.processes().items()
        if {"serve", "worker"} & {*command.split()}
    }
    return {pid: int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * page for pid in ours}


def enter_and_submit(
    api: Api, centre_no: str, papers: list[str]
) -> tuple[list[float], list[float]]:
    """Enter every mark and submit each paper, all of it taken; the seconds of saves and of acts."""
    saves, submissions = [], []
    for paper_id in papers:
        api.renew()
        sheet = Sheet(api, centre_no, paper_id)
        for mark in range(SAVES):
            for number in range(1, CANDIDATES + 1):
                body = {"tasks": [mark + number]}
                saves.append(seconds_of(lambda: sheet.put(f"{number:04d}", body).expect(200)))  # noqa: B023 - called at once
        submissions.append(seconds_of(lambda: sheet.offer().expect(201)))  # noqa: B023 - as above
    return saves, submissions


def told(name: str, usual: list[float], away: list[float]) -> str:
    both = [f"{1000 * median(seconds):.1f} ms" for seconds in (usual, away)]
    return f"{name} ({len(away)} times): usually {both[0]}, without the broker {both[1]}"


def test_without_the_broker_work_goes_on_and_memory_stays_flat(
    stack: Stack, accounts: Accounts, capsys: pytest.CaptureFixture[str]
) -> None:
    api, centre_no = accounts["user"], accounts.centre_no
    ids = make_papers(accounts["board"], centre_no, 2 * SUBMISSIONS, CANDIDATES)
    wait_for("the entries are everywhere", lambda: not unhandled(stack), SECONDS)
    usual = enter_and_submit(api, centre_no, ids[:SUBMISSIONS])
    wait_for("all is handled", lambda: not unhandled(stack), SECONDS)

    before = resident(stack)
    with kept_dead(stack, "rabbitmq"):
        away = enter_and_submit(api, centre_no, ids[SUBMISSIONS:])
        after = resident(stack)
    wait_for("the broker is back", lambda: all_answer(stack), SECONDS)
    wait_for("all has arrived", lambda: not unhandled(stack), SECONDS)

    growth = {pid: after[pid] - before[pid] for pid in before if pid in after}
    with capsys.disabled():
        print("\n" + told("a mark", usual[0], away[0]))
        print(told("a submission", usual[1], away[1]))
        print(f"growth of {len(growth)} processes: at most {max(growth.values()) / 2**20:.1f} MiB")
    assert max(growth.values()) < GROWTH
    once = emitted_about(stack, Papers(centre_no, ids, [api]).subjects())
    for key in ("marks.submitted.v1", "sample.generated.v1"):
        assert sorted(set(once[key].values())) == [1]
        assert len(once[key]) == 2 * SUBMISSIONS
    assert dead_letters(stack) == []
