"""Importing entries over HTTP: all of a file, or nothing."""

import threading
from datetime import date

import pytest
from sqlalchemy import update

from services.marks.commands.entries import ImportCounts, import_entries, read_file
from services.marks.domain.marking import Mark
from services.marks.models import Paper
from shared.audit import AuditRow
from tests.support.service import BOARD, ServiceUnderTest, rows_of
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    get,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.entry_files import (
    NOTHING,
    ROW,
    candidates,
    changes,
    cursors,
    entered,
    load,
    one,
    row,
    send,
)


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    return make_paper(marks)


@pytest.mark.usefixtures("paper")
def test_a_dry_run_waits_for_no_writer(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.engine.BUSY_TIMEOUT_MS", 10)
    with marks.transaction() as session:
        session.execute(update(Paper).values(title="ANOTHER"))
        assert load(marks, row(1), query="?dry_run=true") == {"added": 1}


@pytest.mark.usefixtures("paper")
def test_a_candidate_is_added_not_yet_marked(marks: ServiceUnderTest) -> None:
    assert load(marks, row(1)) == {"added": 1}
    candidate = one(marks)
    assert (candidate.surname, candidate.forenames) == ("O'Neill-Ŵyn", "Siân")
    assert (candidate.surname_key, candidate.uci) == ("o'neill-wyn", "12345678901AB")
    assert (candidate.dob, candidate.teaching_set) == (date(2015, 3, 29), "10A")
    assert (candidate.tasks, candidate.total, candidate.code) == ([None, None], None, None)
    assert (candidate.started, candidate.complete, candidate.withdrawn) == (False, False, False)
    assert (candidate.version, candidate.submission, candidate.changed) == (0, None, 1)


def test_a_candidate_assessed_by_outcome_has_no_tasks(marks: ServiceUnderTest) -> None:
    make_paper(marks, tasks=None, outcomes=OUTCOMES)
    assert load(marks, row(1)) == {"added": 1}
    assert (one(marks).tasks, one(marks).outcome) == (None, None)


def test_the_other_services_hear_of_each_sheet_once(marks: ServiceUnderTest, paper: str) -> None:
    rows = [row(2), row(1, centre_no=OTHER_CENTRE), row(1)]
    assert load(marks, *rows) == {"added": 3}
    first, second = marks.emitted()
    assert (first.subject, second.subject) == (f"{CENTRE}/{paper}", f"{OTHER_CENTRE}/{paper}")
    assert [each["candidate_no"] for each in first.data["candidates"]] == ["0002", "0001"]
    assert second.data["candidates"] == [
        {name: ROW[name] for name in ("uci", "surname", "forenames", "dob", "teaching_set")}
        | {"candidate_no": "0001", "change": "added"}
    ]


@pytest.mark.usefixtures("paper")
def test_only_what_changed_is_told(marks: ServiceUnderTest) -> None:
    load(marks, row(1), row(2), row(3), row(1, centre_no=OTHER_CENTRE))
    counts = load(
        marks,
        row(1, teaching_set="10B"),
        row(2),
        row(3, action="W"),
        row(4),
        row(1, centre_no=OTHER_CENTRE),
    )
    assert counts == {"added": 1, "changed": 1, "withdrawn": 1, "unchanged": 2}
    assert changes(marks)[2:] == [[("0001", "changed"), ("0003", "withdrawn"), ("0004", "added")]]
    assert cursors(marks) == {CENTRE: 2, OTHER_CENTRE: 1}
    changed = [(each.candidate_no, each.changed) for each in candidates(marks)]
    assert changed == [("0001", 2), ("0001", 1), ("0002", 1), ("0003", 2), ("0004", 2)]


@pytest.mark.usefixtures("paper")
def test_the_same_file_twice_changes_nothing(marks: ServiceUnderTest) -> None:
    content = entered(range(1, 301))
    assert send(marks, content).json == NOTHING | {"added": 300}
    events = marks.emitted()
    assert send(marks, content).json == NOTHING | {"unchanged": 300}
    assert send(marks, b"\xef\xbb\xbf" + content).json == NOTHING | {"unchanged": 300}
    assert marks.emitted() == events
    assert cursors(marks) == {CENTRE: 1}
    with marks.transaction() as session:
        assert len(rows_of(session, AuditRow)) == 1


@pytest.mark.usefixtures("paper")
def test_a_dry_run_only_tells(marks: ServiceUnderTest) -> None:
    load(marks, row(1), row(2))
    before = marks.emitted()
    counts = load(marks, row(1, action="W"), row(2, uci=""), row(3), query="?dry_run=true")
    assert counts == {"added": 1, "changed": 1, "withdrawn": 1}
    assert (len(candidates(marks)), cursors(marks), marks.emitted()) == (2, {CENTRE: 1}, before)


def test_a_candidate_withdrawn_comes_back_with_its_mark(
    marks: ServiceUnderTest, paper: str
) -> None:
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20), initials="AB"))
    make_submission(marks, paper)
    assert load(marks, row(1, action="W", surname="Other")) == {"withdrawn": 1}
    gone = one(marks)
    assert (gone.withdrawn, gone.surname, gone.submission) == (True, "Surname0001", 1)
    assert load(marks, row(1, action="W")) == {"unchanged": 1}
    assert load(marks, row(1)) == {"added": 1}
    back = one(marks)
    assert (back.withdrawn, back.surname, back.submission) == (False, "O'Neill-Ŵyn", 1)
    assert (back.tasks, back.total, back.initials, back.complete) == ([15, 20], 35, "AB", True)
    assert changes(marks) == [[("0001", "withdrawn")], [("0001", "added")]]


def test_a_late_entry_opens_a_submitted_paper(marks: ServiceUnderTest, paper: str) -> None:
    make_sheet(marks, paper, "0001", mark=Mark(tasks=(15, 20)))
    make_submission(marks, paper)
    load(marks, row(2))
    path = f"/api/marks/centres/{CENTRE}/papers/{paper}"
    found = get(marks, path, BOARD)
    counts = [found[name] for name in ("state", "candidates", "submitted", "left")]
    assert counts == ["reopened", 2, 1, 1]
    load(marks, row(2, action="W"))
    assert get(marks, path, BOARD)["state"] == "submitted"


@pytest.mark.usefixtures("paper")
def test_who_imported_what_is_on_record(marks: ServiceUnderTest) -> None:
    load(marks, row(1), row(1, centre_no=OTHER_CENTRE))
    with marks.transaction() as session:
        (kept,) = rows_of(session, AuditRow)
        assert (kept.action, kept.by_id) == ("entries.imported", BOARD.user_id)
        assert kept.after["added"] == 2
        assert [counts["added"] for counts in kept.after["sheets"].values()] == [1, 1]


def test_qualifications_are_compared_without_case(marks: ServiceUnderTest) -> None:
    make_paper(marks, code="9791/01", qualification="Vocational Level 1/2")
    line = row(1, paper_code="9791/01", qualification="VOCATIONAL LEVEL 1/2")
    assert load(marks, line) == {"added": 1}


def test_one_import_may_touch_many_sheets(marks: ServiceUnderTest) -> None:
    """More sheets than one statement names, in a second import known from the first."""
    make_paper(marks)
    make_paper(marks, code="1111")
    rows = [
        row(1, centre_no=str(60_000 + number), paper_code=code)
        for number in range(300)
        for code in ("3700U1", "1111")
    ]
    assert load(marks, *rows) == {"added": 600}
    assert load(marks, *rows) == {"unchanged": 600}
    assert len(marks.emitted()) == 600


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize("dry_run", [True, False])
def test_progress_reaches_the_end(marks: ServiceUnderTest, *, dry_run: bool) -> None:
    load(marks, row(1), row(2))
    told: list[int] = []
    read = read_file(entered(range(2, 2500)).splitlines(keepends=True))
    with marks.transaction() as session:
        import_entries(session, read, dry_run=dry_run, on_progress=told.append)
    assert sum(told) == 2498


@pytest.mark.usefixtures("paper")
def test_one_file_imported_twice_at_once_enters_nobody_twice(marks: ServiceUnderTest) -> None:
    lines = entered(range(1, 401)).splitlines(keepends=True)
    together = threading.Barrier(2)
    counts: list[ImportCounts] = []

    def run() -> None:
        read = read_file(lines)
        together.wait(timeout=10)
        with marks.transaction() as session:
            counts.append(import_entries(session, read))

    threads = [threading.Thread(target=run) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(each["added"] for each in counts) == [0, 400]
    assert sorted(each["unchanged"] for each in counts) == [0, 400]
    assert len(candidates(marks)) == 400
    assert len(marks.emitted()) == 1
