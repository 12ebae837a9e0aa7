"""Who hears by mail of what happens to a sheet."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from services.identity.models import AllocationRecord, Membership, Submission, User


def whom_to_tell(session: Session, centre_no: str, paper_id: str) -> Sequence[User]:
    """Who hears of a submitted sheet: the admins of the centre, and whoever submitted it."""
    submitted_by = select(Submission.submitted_by).where(
        Submission.centre_no == centre_no, Submission.paper_id == paper_id
    )
    return _of_centre(session, centre_no, User.id.in_(submitted_by))


def admins_and(session: Session, centre_no: str, user_id: str) -> Sequence[User]:
    """The admins of the centre, and this person while they are of it."""
    return _of_centre(session, centre_no, User.id == user_id)


def of_centre(session: Session, centre_no: str, user_id: str | None) -> User | None:
    """Somebody, while they are of the centre."""
    return session.scalar(_at(centre_no).where(User.id == user_id))


def board(session: Session) -> Sequence[User]:
    """The staff of the awarding body."""
    staff = select(User).where(User.kind == "board", User.status == "active")
    return session.scalars(staff.order_by(User.id)).all()


def _of_centre(session: Session, centre_no: str, also: ColumnElement[bool]) -> Sequence[User]:
    told = _at(centre_no).where(or_(Membership.account_type == "admin", also))
    return session.scalars(told.order_by(User.id)).all()


def _at(centre_no: str) -> Select[User]:
    return (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.centre_no == centre_no,
            Membership.status == "active",
            User.status == "active",
        )
    )


def moderators(session: Session, centre_no: str, paper_id: str) -> Sequence[User]:
    """Everyone who moderates the centre's paper."""
    allocated = (
        select(User)
        .join(AllocationRecord, AllocationRecord.user_id == User.id)
        .where(AllocationRecord.centre_no == centre_no, AllocationRecord.paper_id == paper_id)
    )
    return session.scalars(allocated.where(User.status == "active").order_by(User.id)).all()


def writers(session: Session, centre_no: str, paper_id: str, user_id: str) -> Sequence[User]:
    """Whoever wrote the report; where they moderate the paper no more, those who do."""
    everyone = moderators(session, centre_no, paper_id)
    return [user for user in everyone if user.id == user_id] or everyone
