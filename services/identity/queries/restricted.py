"""Which papers and teaching sets there are for somebody who is restricted to some."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from services.identity.domain.accounts import Restrictions
from services.identity.models import Membership, Paper
from shared import clock
from shared.access import principal

# A token travels with every request: so many papers are enough, of the series nearest to today.
MOST_PAPERS = 100
OVER_IS_FARTHER = 3


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
    """Every paper that one of the restrictions names, those of the nearest series first."""
    named = [held for member in members if (held := member.standing.restricted_to).names_papers]
    if not named:
        return []
    wanted = _folded(name for held in named for name in held.qualifications)
    known = session.scalars(select(Paper.qualification).distinct())
    qualifications = [one for one in known if one.casefold() in wanted]
    codes = {code for held in named for code in held.papers}
    found = select(Paper).where(or_(Paper.qualification.in_(qualifications), Paper.code.in_(codes)))
    return sorted(session.scalars(found.order_by(Paper.id.desc())), key=_distance)


def _distance(paper: Paper) -> timedelta:
    """How far its series is from now; one that is over is soon farther than the next."""
    month = "{month} {year}".format(**paper.series)
    away = datetime.strptime(month, "%B %Y").replace(tzinfo=UTC) - clock.now()
    return max(away, -OVER_IS_FARTHER * away)


def _folded(qualifications: Iterable[str]) -> Collection[str]:
    """Case does not tell qualifications apart, as in files of entries."""
    return {name.casefold() for name in qualifications}


def _only(papers: Sequence[Paper], held: Restrictions) -> frozenset[str] | None:
    if not held.names_papers:
        return None
    qualifications = _folded(held.qualifications)
    seen = [
        paper.id
        for paper in papers
        if paper.qualification.casefold() in qualifications or paper.code in held.papers
    ]
    return frozenset(seen[:MOST_PAPERS])


def _only_sets(held: Restrictions) -> frozenset[str] | None:
    return frozenset(held.teaching_sets) or None
