"""The audit trail of accounts, for the admins of a centre and for the board."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.models import Membership
from services.identity.queries.trail_names import USERS, Names, names_of
from shared import clock
from shared.audit import OPERATOR, AuditRow
from shared.audit_words import words_of
from shared.i18n import gettext as _

# Rows that are fetched at a time with the names for them, of which there may be millions.
FETCHED = 500
# Who tried something without being signed in has this id in the trail.
NOBODY = "nobody"


class TrailEntry(TypedDict):
    """One row: what was done (`what`, as a code `action`), by whom, and about whom or what.

    `about` is empty where that has no name; `names` are those of ids in `before` and `after`.
    """

    id: str
    at: str
    by: str
    action: str
    what: str
    subject: str
    about: str
    centre_no: str
    before: dict[str, Any]
    after: dict[str, Any]
    names: dict[str, str]
    why: str


class TrailPage(TypedDict):
    """One page, the newest first; `total` counts all that match."""

    events: list[TrailEntry]
    total: int
    page: int
    rows: int


@dataclass(frozen=True)
class Asked:
    """What is looked for: `since` and `until` are days, both included; `action` its beginning."""

    centre_no: str = ""
    since: date | None = None
    until: date | None = None
    action: str = ""
    user_id: str = ""


def page(session: Session, asked: Asked, number: int, rows: int) -> TrailPage:
    found = _matching(asked)
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = session.scalars(
        found.order_by(AuditRow.id.desc()).limit(rows).offset((number - 1) * rows)
    ).all()
    names = names_of(session, shown, asked.centre_no)
    return {
        "events": [_entry(row, names, asked.centre_no) for row in shown],
        "total": total,
        "page": number,
        "rows": rows,
    }


def every(session: Session, asked: Asked) -> Iterator[TrailEntry]:
    """All that match, the newest first."""
    found = _matching(asked).order_by(AuditRow.id.desc())
    fetched = session.scalars(found.execution_options(yield_per=FETCHED))
    for rows in fetched.partitions():
        names = names_of(session, rows, asked.centre_no)
        for row in rows:
            yield _entry(row, names, asked.centre_no)


def _matching(asked: Asked) -> Select[AuditRow]:
    found = select(AuditRow)
    if asked.centre_no:
        found = found.where(_of_centre(asked.centre_no))
    if asked.since:
        found = found.where(AuditRow.at > clock.end_of_day(asked.since - timedelta(days=1)))
    if asked.until:
        found = found.where(AuditRow.at <= clock.end_of_day(asked.until) + timedelta(seconds=1))
    if asked.action:
        found = found.where(AuditRow.action.startswith(asked.action, autoescape=True))
    if asked.user_id:
        found = found.where(_about(asked))
    return found


def _about(asked: Asked) -> ColumnElement[bool]:
    """What is about the account, by its own id or the one that the centre knows it by."""
    known_as = _people(asked.centre_no).where(Membership.handle == asked.user_id)
    return or_(AuditRow.subject == f"{USERS}{asked.user_id}", AuditRow.subject.in_(known_as))


def _people(centre_no: str) -> Select[str]:
    """The subjects that the people of a centre are, but for those who have not accepted yet."""
    return select(literal(USERS).concat(Membership.user_id)).where(
        Membership.centre_no == centre_no, Membership.invited_key.is_(None)
    )


def _of_centre(centre_no: str) -> ColumnElement[bool]:
    """What is about the centre, and what its people did with their accounts at no centre's.

    Of those who have left that is only what they did before.
    """
    since_they_left = _people(centre_no).where(Membership.left_at < AuditRow.at)
    of_people = and_(
        AuditRow.centre_no == "",
        AuditRow.subject.in_(_people(centre_no)),
        AuditRow.subject.not_in(since_they_left.correlate(AuditRow)),
    )
    return or_(AuditRow.centre_no == centre_no, of_people)


def _entry(row: AuditRow, names: Names, centre_no: str) -> TrailEntry:
    """A centre learns the details of what is about it, and of the rest only that it was.

    Who moderates is kept from it until it has submitted.
    """
    told = not centre_no or row.centre_no == centre_no
    return {
        "id": row.id,
        "at": row.at.isoformat(),
        "by": _by(row),
        "action": row.action,
        "what": words_of(row.action),
        "subject": row.subject,
        "about": names.about(row),
        "centre_no": row.centre_no,
        "before": names.told(row, row.before) if told else {},
        "after": names.told(row, row.after) if told else {},
        "names": names.within(row) if told else {},
        "why": row.why,
    }


def _by(row: AuditRow) -> str:
    if row.by_id == NOBODY:
        return _("not signed in")
    return _("an operator") if row.by_id == OPERATOR else row.by
