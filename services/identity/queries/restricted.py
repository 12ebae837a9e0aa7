"""Which papers and teaching sets there are for somebody who is restricted to some."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.identity.domain.accounts import Restrictions
from services.identity.models import Membership, Paper
from shared.access import principal

# A token travels with every request: the ids of the newest papers of a code are enough.
MOST_PAPERS = 100


def places(session: Session, members: Sequence[Membership]) -> dict[str, principal.Membership]:
    """What a token says of each centre."""
    papers = _papers(session, members)
    return {
        member.centre_no: principal.Membership(
            member.account_type,
            member.iamis,
            _only(papers, member.standing.restricted_to),
            _only_sets(member.standing.restricted_to),
        )
        for member in members
    }


def _papers(session: Session, members: Sequence[Membership]) -> list[Paper]:
    """Every paper that one of the restrictions names, the newest first."""
    named = [held for member in members if (held := member.standing.restricted_to).names_papers]
    if not named:
        return []
    qualifications = {name for held in named for name in held.qualifications}
    codes = {code for held in named for code in held.papers}
    found = select(Paper).where(or_(Paper.qualification.in_(qualifications), Paper.code.in_(codes)))
    return list(session.scalars(found.order_by(Paper.id.desc())))


def _only(papers: Sequence[Paper], held: Restrictions) -> frozenset[str] | None:
    if not held.names_papers:
        return None
    seen = [
        paper.id
        for paper in papers
        if paper.qualification in held.qualifications or paper.code in held.papers
    ]
    return frozenset(seen[:MOST_PAPERS])


def _only_sets(held: Restrictions) -> frozenset[str] | None:
    return frozenset(held.teaching_sets) or None
