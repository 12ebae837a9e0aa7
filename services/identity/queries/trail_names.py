"""Whom and what rows of the audit trail are about, by name: a query for each kind of thing.

What is there no more has no name, and its id has to do.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.models import Centre, Membership, Paper, ServiceAccount, User
from services.identity.queries.allocations import moderators_known
from services.identity.queries.members import Person
from shared.audit import AuditRow
from shared.i18n import gettext as _

USERS, CENTRES, TOOLS = "users/", "centres/", "tools/"
UNKNOWN = "unknown"
# The detail that says who moderates.
PERSON = "user_id"


@dataclass(frozen=True)
class Names:
    """By subject, and by the ids that details have.

    `moderators` are the pairs of paper and person that the reader may know, None for all.
    """

    subjects: dict[str, str]
    people: dict[str, str]
    papers: dict[str, Paper]
    moderators: Collection[tuple[str, str]] | None

    def about(self, row: AuditRow) -> str:
        """What the row is about; empty where that has no name."""
        paper = self.papers.get(_detail(row, "paper_id"))
        if paper:
            return f"{row.centre_no} {paper.full_title}"
        return self.subjects.get(row.subject, "")

    def within(self, row: AuditRow) -> dict[str, str]:
        """The names of the ids in the details of the row; that of a paper is its code."""
        paper_id, user_id = _detail(row, "paper_id"), _detail(row, PERSON)
        paper, person = self.papers.get(paper_id), self.people.get(user_id)
        found = {paper_id: paper.code} if paper else {}
        if person and self._may_know(paper_id, user_id):
            found[user_id] = person
        return found

    def told(self, row: AuditRow, details: dict[str, Any]) -> dict[str, Any]:
        """`details` of the row, without the person where the reader may not know them."""
        may_know = self._may_know(_detail(row, "paper_id"), _detail(row, PERSON))
        return {name: details[name] for name in details if may_know or name != PERSON}

    def _may_know(self, paper_id: str, user_id: str) -> bool:
        return self.moderators is None or (paper_id, user_id) in self.moderators


def names_of(session: Session, rows: Sequence[AuditRow], centre_no: str) -> Names:
    """The names for these rows, as the board knows them, or the centre where one is given."""
    subjects = [row.subject for row in rows]
    paper_ids = {_detail(row, "paper_id") for row in rows} - {""}
    accounts = _below(USERS, subjects)
    people = _people(session, accounts | {_detail(row, PERSON) for row in rows} - {""})
    return Names(
        {USERS + known: people[known] for known in accounts & people.keys()}
        | {f"{USERS}{UNKNOWN}": _("an unknown account")}
        | _centres(session, _below(CENTRES, subjects))
        | _tools(session, _below(TOOLS, subjects)),
        people,
        _papers(session, paper_ids),
        moderators_known(session, centre_no, paper_ids) if centre_no else None,
    )


def _detail(row: AuditRow, name: str) -> str:
    return str(row.after.get(name) or row.before.get(name) or "")


def _below(kind: str, subjects: Sequence[str]) -> set[str]:
    return {one.removeprefix(kind) for one in subjects if one.startswith(kind)}


def _people(session: Session, ids: set[str]) -> dict[str, str]:
    """Of who has not accepted yet, the name that the centre wrote."""
    named = {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))}
    invited = (
        select(Membership, User)
        .join(User, User.id == Membership.user_id)
        .where(Membership.handle.in_(ids - named.keys()))
    )
    for member, user in session.execute(invited):
        named[member.handle] = Person.of(user, member).name
    return named


def _centres(session: Session, numbers: set[str]) -> dict[str, str]:
    found = session.scalars(select(Centre).where(Centre.no.in_(numbers)))
    return {f"{CENTRES}{centre.no}": f"{centre.no} {centre.name}" for centre in found}


def _tools(session: Session, ids: set[str]) -> dict[str, str]:
    """Service accounts; operators know the tools that have a queue by their names alone."""
    found = session.scalars(select(ServiceAccount).where(ServiceAccount.id.in_(ids)))
    named = {tool.id: tool.name for tool in found}
    return {f"{TOOLS}{one}": named.get(one, one) for one in ids}


def _papers(session: Session, ids: set[str]) -> dict[str, Paper]:
    return {paper.id: paper for paper in session.scalars(select(Paper).where(Paper.id.in_(ids)))}
