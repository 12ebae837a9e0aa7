"""The audit trail: who, when, from, to, why, and in which request."""

from datetime import UTC

import pytest
from sqlalchemy import select

from shared import audit, clock, context
from shared.audit import OPERATOR, AuditRow, Change
from tests.support.service import BOARD, ServiceUnderTest


def rows(under_test: ServiceUnderTest) -> list[AuditRow]:
    with under_test.transaction() as session:
        found = list(session.scalars(select(AuditRow).order_by(AuditRow.id)).all())
        session.expunge_all()
    return found


def test_a_change_leaves_a_row(under_test: ServiceUnderTest) -> None:
    context.begin("request-1")
    before = clock.now()
    with under_test.transaction() as session:
        change = Change(before={"mark": 3}, after={"mark": 4}, why="Added up wrongly")
        audit.record(session, BOARD, "mark.save", "68101/p1/1054", change)
        audit.record(session, None, "entries.import", "68101/p1", Change())
    first, second = rows(under_test)
    assert (first.by_id, first.by) == (BOARD.user_id, BOARD.name)
    assert (first.action, first.subject) == ("mark.save", "68101/p1/1054")
    assert (first.before, first.after, first.why) == ({"mark": 3}, {"mark": 4}, "Added up wrongly")
    assert before <= first.at <= clock.now()
    assert first.at.tzinfo is UTC
    assert first.request_id == second.request_id == "request-1"
    assert (second.by_id, second.by) == (OPERATOR, OPERATOR)


def test_a_change_that_failed_leaves_none(under_test: ServiceUnderTest) -> None:
    def fail() -> None:
        with under_test.transaction() as session:
            audit.record(session, BOARD, "mark.save", "68101/p1/1054", Change())
            session.flush()
            raise TimeoutError

    with pytest.raises(TimeoutError):
        fail()
    assert rows(under_test) == []
