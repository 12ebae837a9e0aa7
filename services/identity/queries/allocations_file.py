"""What a file of allocations names, found all at once; and every allocation as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.domain.allocations_file import AllocationLine, series_name
from services.identity.models import AllocationRecord, Centre, Interest, Paper, User
from services.identity.queries.allocations import matching
from shared.slices import slices

AT_ONCE = 500


@dataclass
class Known:
    """By email key, number, series and code, or as pairs and triples of ids."""

    users: dict[str, User] = field(default_factory=dict)
    centres: set[str] = field(default_factory=set)
    papers: dict[tuple[str, str], Paper] = field(default_factory=dict)
    interests: set[tuple[str, str]] = field(default_factory=set)
    records: dict[tuple[str, str, str], AllocationRecord] = field(default_factory=dict)


def known(session: Session, lines: Sequence[AllocationLine], *, lock: bool = False) -> Known:
    """What there is of what the lines name; `lock` holds the moderators, always in one order."""
    found = Known()
    found.centres.update(session.scalars(select(Centre.no)))
    for part in slices(sorted({line.paper_code for line in lines}), AT_ONCE):
        for paper in session.scalars(select(Paper).where(Paper.code.in_(part))):
            found.papers[series_name(paper.series), paper.code] = paper
    for part in slices(sorted({line.key[0] for line in lines}), AT_ONCE):
        _know_users(session, found, part, lock=lock)
    return found


def _know_users(session: Session, found: Known, keys: Sequence[str], *, lock: bool) -> None:
    asked = select(User).where(User.email_key.in_(keys), User.kind == "appointee")
    asked = asked.order_by(User.id)
    users = session.scalars(asked.with_for_update(key_share=True) if lock else asked).all()
    found.users |= {user.email_key: user for user in users}
    ids = [user.id for user in users]
    for interest in session.scalars(select(Interest).where(Interest.user_id.in_(ids))):
        found.interests.add((interest.user_id, interest.centre_no))
    records = select(AllocationRecord).where(AllocationRecord.user_id.in_(ids))
    for record in session.scalars(records):
        found.records[record.user_id, record.centre_no, record.paper_id] = record


def rows(session: Session, search: str) -> Iterator[list[str]]:
    """Every allocation that matches, as the lines of a file that would make them."""
    for record, user, _centre, paper in session.execute(matching(search)):
        yield [user.email, record.centre_no, series_name(paper.series), paper.code, "A"]
