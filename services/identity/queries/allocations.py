"""Who moderates what."""

from collections.abc import Collection

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.domain.accounts import email_key
from services.identity.models import AllocationRecord, Centre, Paper, Submission, User
from shared.folding import folded


class AllocationView(TypedDict):
    """A moderator and what is theirs to moderate."""

    id: str
    user_id: str
    email: str
    name: str
    centre_no: str
    centre_name: str
    paper_id: str
    paper_code: str
    paper_title: str
    allocated_at: str


class AllocationsPage(TypedDict):
    """One page of the allocations; `total` counts all that match."""

    allocations: list[AllocationView]
    total: int
    page: int
    rows: int


class ModeratorView(TypedDict):
    """Where a centre sends its sample."""

    name: str
    email: str
    address: str


def allocation_record(
    session: Session, user_id: str, centre_no: str, paper_id: str
) -> AllocationRecord | None:
    return session.scalars(
        select(AllocationRecord).filter_by(user_id=user_id, centre_no=centre_no, paper_id=paper_id)
    ).first()


def _allocations() -> Select[AllocationRecord, User, Centre, Paper]:
    return (
        select(AllocationRecord, User, Centre, Paper)
        .join(User, User.id == AllocationRecord.user_id)
        .join(Centre, Centre.no == AllocationRecord.centre_no)
        .join(Paper, Paper.id == AllocationRecord.paper_id)
    )


def _allocation_view(
    record: AllocationRecord, user: User, centre: Centre, paper: Paper
) -> AllocationView:
    return {
        "id": record.id,
        "user_id": user.id,
        "email": user.email,
        "name": user.name,
        "centre_no": centre.no,
        "centre_name": centre.name,
        "paper_id": paper.id,
        "paper_code": paper.code,
        "paper_title": paper.full_title,
        "allocated_at": record.allocated_at.isoformat(),
    }


def allocation_view(session: Session, record: AllocationRecord) -> AllocationView:
    found = session.execute(_allocations().where(AllocationRecord.id == record.id)).one()
    return _allocation_view(*found)


def matching(search: str) -> Select[AllocationRecord, User, Centre, Paper]:
    """Allocations by centre; `search` is part of a name, email, centre or paper code."""
    found = _allocations()
    if search:
        found = found.where(
            or_(
                User.search_key.contains(folded(search), autoescape=True),
                User.email_key.contains(email_key(search), autoescape=True),
                Centre.no.contains(search, autoescape=True),
                Paper.code.contains(search.upper(), autoescape=True),
            )
        )
    return found.order_by(Centre.no, Paper.full_title, User.search_key, AllocationRecord.id)


def allocated_at(session: Session, user_id: str, centre_nos: Collection[str]) -> list[str]:
    """What of these centres is theirs to moderate, for people to read."""
    theirs = matching("").where(User.id == user_id, Centre.no.in_(centre_nos))
    found = session.execute(theirs)
    return [f"{centre.no} {paper.full_title}" for _record, _user, centre, paper in found]


def allocations(session: Session, page: int, rows: int, search: str) -> AllocationsPage:
    """A page of those that match."""
    found = matching(search)
    unordered = found.order_by(None).subquery()
    total = session.scalar(select(func.count()).select_from(unordered)) or 0
    shown = session.execute(found.limit(rows).offset((page - 1) * rows))
    views = [_allocation_view(*row) for row in shown]
    return {"allocations": views, "total": total, "page": page, "rows": rows}


def moderator(session: Session, centre_no: str, paper_id: str) -> ModeratorView | None:
    """Who moderates the centre's paper."""
    user = _moderators(session, centre_no, [paper_id]).get(paper_id)
    if user is None:
        return None
    return {"name": user.name, "email": user.email, "address": user.address}


def moderators_known(
    session: Session, centre_no: str, paper_ids: Collection[str]
) -> set[tuple[str, str]]:
    """Whom the centre knows as moderators of these papers: of each it has submitted, by id."""
    submitted = select(Submission.paper_id).where(
        Submission.centre_no == centre_no, Submission.paper_id.in_(paper_ids)
    )
    known = _moderators(session, centre_no, session.scalars(submitted).all())
    return {(paper_id, user.id) for paper_id, user in known.items()}


def _moderators(session: Session, centre_no: str, paper_ids: Collection[str]) -> dict[str, User]:
    """Who moderates each of the centre's papers: of several, the one allocated last."""
    allocated = (
        select(AllocationRecord.paper_id, User)
        .join(User, User.id == AllocationRecord.user_id)
        .where(AllocationRecord.centre_no == centre_no, AllocationRecord.paper_id.in_(paper_ids))
        .where(User.status != "deactivated")
        .order_by(AllocationRecord.id)
    )
    return dict(session.execute(allocated).all())
