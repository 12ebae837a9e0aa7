"""The board's word on a moderator's report: it holds back, and nothing waits for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Dialect, event, select, text
from sqlalchemy.dialects import postgresql
from werkzeug.test import TestResponse

from services.reports.commands.releases import announce_due
from shared import clock
from shared.access.principal import Principal
from shared.audit import AuditRow
from shared.engine import is_postgresql
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of
from tests.unit.reports.attaching import FILES, added
from tests.unit.reports.builders import CENTRE, PAPER, SHEET
from tests.unit.reports.test_moderator_report import ELSEWHERE, PAST, REPORT, read, submitted, write

ADMIN = admin_of(CENTRE)
LIST = "/api/reports/moderator-reports"
RETURNED = {"decision": "returned", "comment": "Name no candidate.", "version": 1}
APPROVED = {"decision": "approved", "version": 1}


def decide(service: ServiceUnderTest, body: dict[str, Any], who: Principal = BOARD) -> TestResponse:
    return service.call("POST", f"{REPORT}/decision", who, json=body)


def approval(service: ServiceUnderTest, who: Principal = MODERATOR) -> Any:
    return (read(service, who).json or {}).get("approval")


def listed(service: ServiceUnderTest, state: str, who: Principal = BOARD) -> list[tuple[str, str]]:
    answer = service.call("GET", f"{LIST}?state={state}", who).json or {}
    assert answer["total"] == len(answer["moderator_reports"])
    return [(one["centre_no"], one["paper_id"]) for one in answer["moderator_reports"]]


def statements(service: ServiceUnderTest, do: Callable[[], object]) -> list[str]:
    """What the database is asked while something is done."""
    engine, asked = service.database.engine, list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    do()
    event.remove(engine, "before_cursor_execute", note)
    return asked


def results_are_out(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now() + timedelta(days=1, hours=1)
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.mark.parametrize("who", [BOARD, MODERATOR])
def test_it_waits_and_is_approved(written: ServiceUnderTest, who: Principal) -> None:
    assert approval(written, who) == {"state": "waiting"}
    answer = decide(written, APPROVED)
    assert answer.status_code == 200
    said = approval(written, who)
    assert said == (answer.json or {})["approval"]
    assert said == {"state": "approved", "by": BOARD.name, "at": said["at"]}


def test_another_version_is_unapproved_again(written: ServiceUnderTest) -> None:
    decide(written, APPROVED)
    write(written)
    assert approval(written) == {"state": "waiting"}
    decide(written, APPROVED | {"version": 2})
    added(written)
    assert approval(written) == {"state": "waiting"}


def test_what_nobody_has_looked_at_is_released(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    results_are_out(monkeypatch)
    assert read(written, ADMIN).status_code == 200
    assert written.database.run(announce_due) == 1


def test_the_centre_is_told_nothing_of_it(service: ServiceUnderTest) -> None:
    submitted(service, PAST)
    write(service)
    decide(service, APPROVED)
    assert "approval" not in (read(service, ADMIN).json or {})
    assert BOARD.name not in read(service, ADMIN, "html").text


def test_what_is_given_back_is_held_until_it_is_written_anew(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = added(written)
    assert decide(written, RETURNED | {"version": 2}).status_code == 200
    results_are_out(monkeypatch)
    for path in (REPORT, f"{REPORT}?format=pdf", f"{FILES}/{file['id']}"):
        assert written.call("GET", path, ADMIN).status_code == 404
    assert (read(written).json or {})["released"] is False
    assert written.database.run(announce_due) == 0
    write(written)
    assert read(written, ADMIN).status_code == 200
    assert written.call("GET", f"{FILES}/{file['id']}", ADMIN).status_code == 200
    assert written.database.run(announce_due) == 1


def test_other_files_do_not_lift_it(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(written, RETURNED)
    said = approval(written)
    file = added(written)
    results_are_out(monkeypatch)
    for version in (3, 4):
        assert (read(written).json or {})["version"] == version
        assert approval(written) == said
        assert read(written, ADMIN).status_code == 404
        assert written.database.run(announce_due) == 0
        written.call("DELETE", f"{FILES}/{file['id']}", MODERATOR)
    assert write(written, version=4).status_code == 200
    assert read(written, ADMIN).status_code == 200


def test_a_form_of_before_does_not_lift_it(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(written, RETURNED)
    results_are_out(monkeypatch)
    refused = write(written, version=1)
    assert refused.status_code == 409
    current = (refused.json or {})["current"]
    assert (current["version"], current["approval"]["comment"]) == (2, RETURNED["comment"])
    assert read(written, ADMIN).status_code == 404
    assert write(written, version=2).status_code == 200
    assert read(written, ADMIN).status_code == 200


def test_files_and_the_board_wait_for_each_other(written: ServiceUnderTest) -> None:
    engine, locked = written.database.engine, list[str]()
    other: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]

    def note(*given: Any) -> None:
        compiled = given[4].compiled
        asked = str(compiled.statement.compile(dialect=other)) if compiled else ""
        locked.extend([asked] if asked.endswith("FOR UPDATE") else [])

    event.listen(engine, "before_cursor_execute", note)
    file = added(written)
    written.call("DELETE", f"{FILES}/{file['id']}", MODERATOR)
    event.remove(engine, "before_cursor_execute", note)
    assert sum("FROM moderator_reports" in one for one in locked) == 2


def test_the_moderator_is_told_why(written: ServiceUnderTest) -> None:
    decide(written, RETURNED)
    said = approval(written)
    assert (said["state"], said["comment"]) == ("returned", "Name no candidate.")
    assert listed(written, "returned", MODERATOR) == [(CENTRE, PAPER)]


def test_what_is_held_back_may_be_approved_after_all(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(written, RETURNED)
    results_are_out(monkeypatch)
    assert decide(written, RETURNED | {"version": 2}).status_code == 200
    assert decide(written, APPROVED | {"version": 3}).status_code == 200
    assert read(written, ADMIN).status_code == 200


def test_what_is_released_is_not_given_back(service: ServiceUnderTest) -> None:
    submitted(service, PAST)
    write(service)
    refused = decide(service, RETURNED)
    assert refused.status_code == 409
    assert (refused.json or {})["type"] == "urn:iamis:problem:released"
    assert read(service, ADMIN).status_code == 200
    assert decide(service, APPROVED).status_code == 200


def test_a_stale_version_is_a_conflict(written: ServiceUnderTest) -> None:
    write(written, outcome="adjusted")
    for body in (APPROVED, RETURNED, APPROVED | {"version": 3}):
        refused = decide(written, body)
        assert refused.status_code == 409
        assert (refused.json or {})["current"]["version"] == 2
    assert approval(written) == {"state": "waiting"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"comment": " \n"}, "/comment"),
        ({"comment": "a\x00b"}, "/comment"),
        ({"comment": "x" * 2001}, "/comment"),
        ({"decision": "rejected"}, "/decision"),
        ({"version": None}, "/version"),
        ({"version": 0}, "/version"),
    ],
)
def test_what_is_wrong_is_named(
    written: ServiceUnderTest, changes: dict[str, Any], pointer: str
) -> None:
    answer = decide(written, RETURNED | changes)
    assert answer.status_code == 422
    assert [error["pointer"] for error in (answer.json or {})["errors"]] == [pointer]
    assert approval(written) == {"state": "waiting"}


@pytest.mark.parametrize(
    ("who", "expected"),
    [(MODERATOR, 403), (ADMIN, 403), (ELSEWHERE, 404), (admin_of("68102"), 404)],
)
def test_the_board_alone_decides(written: ServiceUnderTest, who: Principal, expected: int) -> None:
    assert decide(written, APPROVED, who).status_code == expected
    assert approval(written) == {"state": "waiting"}


def test_what_is_not_written_is_not_decided_on(service: ServiceUnderTest) -> None:
    submitted(service)
    assert decide(service, APPROVED).status_code == 404


def test_lists_have_what_waits_and_what_was_said(
    written: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, states = [(CENTRE, PAPER)], ("waiting", "approved", "returned")

    def all_lists() -> list[list[tuple[str, str]]]:
        return [listed(written, state) for state in states]

    assert all_lists() == [here, [], []]
    assert listed(written, "waiting", ELSEWHERE) == []
    decide(written, APPROVED)
    assert all_lists() == [[], here, []]
    decide(written, RETURNED)
    assert all_lists() == [[], [], here]
    write(written)
    assert all_lists() == [here, [], []]
    page = written.call("GET", f"{LIST}?rows=1&page=2", BOARD).json or {}
    assert (page["total"], page["moderator_reports"]) == (1, [])
    results_are_out(monkeypatch)
    assert all_lists() == [[], [], []]


def test_the_list_of_what_waits_is_found_by_its_index(written: ServiceUnderTest) -> None:
    engine = written.database.engine
    asked = statements(written, lambda: listed(written, "waiting"))
    (statement,) = (one for one in asked if "LIMIT" in one and "written_by" in one)
    assert "decided_version < version" in statement
    assert "administration" not in statement, "no list shows the texts"
    if not is_postgresql(engine):
        with engine.connect() as connection:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", (clock.now(), 100, 0)
            ).all()
        assert any("ix_moderator_reports_waiting" in row[3] for row in plan), plan


def test_every_decision_is_audited(written: ServiceUnderTest) -> None:
    decide(written, RETURNED)
    decide(written, APPROVED | {"version": 2})
    with written.database.reading() as session:
        wanted = select(AuditRow).where(AuditRow.action == "moderator_report.decided")
        rows = session.scalars(wanted.order_by(AuditRow.id)).all()
    assert [(row.before["approval"], row.after["approval"], row.why) for row in rows] == [
        ("waiting", "returned", "Name no candidate."),
        ("returned", "approved", ""),
    ]
    assert [(row.before["version"], row.after["version"]) for row in rows] == [(1, 2), (2, 2)]
    assert rows[1].before["comment"] == "Name no candidate."
    assert rows[1].before["by"] == BOARD.name
    assert {(row.by_id, row.subject) for row in rows} == {(BOARD.user_id, SHEET)}


def test_a_row_of_the_release_before_waits(written: ServiceUnderTest) -> None:
    """It knows nothing of approval: its rows have what the columns have by themselves."""
    with written.transaction() as session:
        session.execute(text("DELETE FROM moderator_reports"))
        session.execute(
            text(
                "INSERT INTO moderator_reports (centre_no, paper_id, tasks, accuracy,"
                " administration, outcome, version, written_at, written_by, written_by_id)"
                " VALUES (:centre_no, :paper_id, 't', 'a', 'a', 'accepted', 1,"
                " '2031-05-01 12:00:00', 'M', 'm')"
            ),
            {"centre_no": CENTRE, "paper_id": PAPER},
        )
    assert approval(written) == {"state": "waiting"}
    assert listed(written, "waiting") == [(CENTRE, PAPER)]
