"""Which candidates there are for somebody who is restricted to teaching sets.

A candidate is reached by the set they are in now. One whose set is not known is not reached.
"""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from shared.access.models import TeachingSet
from shared.access.principal import Principal
from shared.events.envelope import Envelope
from shared.events.newest import keep_newest

Sets = frozenset[str]


def only_sets(principal: Principal, centre_no: str) -> Sets | None:
    """The teaching sets whose candidates alone may be shown; None where it is all of them."""
    member = principal.centres.get(centre_no)
    return member.teaching_sets if member else None


def keep_teaching_sets(session: Session, event: Envelope) -> None:
    """Keep what `entries.changed.v1` says, whatever the order of the events."""
    same = {name: event.data[name] for name in ("centre_no", "paper_id")}
    same |= {"sequence": event.sequence}
    rows = [
        same | {"candidate_no": one["candidate_no"], "name": one["teaching_set"]}
        for one in event.data["candidates"]
    ]
    keep_newest(session, TeachingSet, "sequence", rows)


def candidates_of(
    session: Session, who: Principal, centre_no: str, paper_id: str
) -> frozenset[str] | None:
    """The numbers of the candidates of a sheet that there are; None where it is all of them."""
    sets = only_sets(who, centre_no)
    if sets is None:
        return None
    found = _of_sets(centre_no, sets).where(TeachingSet.paper_id == paper_id)
    return frozenset(session.scalars(found.with_only_columns(TeachingSet.candidate_no)))


def papers_of_sets(centre_no: str, sets: Sets) -> Select[str]:
    """The papers that any candidate of these sets is entered for."""
    return _of_sets(centre_no, sets).with_only_columns(TeachingSet.paper_id)


def reaches(session: Session, key: tuple[str, ...], sets: Sets) -> bool:
    """Whether the candidate (centre, paper, number) is in one of the sets."""
    found = session.get(TeachingSet, key)
    return found is not None and found.name in sets


def _of_sets(centre_no: str, sets: Sets) -> Select[TeachingSet]:
    return select(TeachingSet).where(
        TeachingSet.centre_no == centre_no, TeachingSet.name.in_(sorted(sets))
    )
