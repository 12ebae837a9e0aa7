"""Taking what a file needs of its centre's quota, in the transaction that it is kept in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.domain.rules import Place
from services.uploads.models import Paper, Sheet
from services.uploads.queries import quota_of


def one_at_a_time(session: Session, place: Place) -> None:
    """Of several files of a centre and series at once, each sees those before it."""
    series = select(Paper.series).where(Paper.id == place.paper_id).scalar_subquery()
    sheets = (
        select(Sheet.paper_id)
        .join(Paper, Paper.id == Sheet.paper_id)
        .where(Sheet.centre_no == place.centre_no, Paper.series == series)
        .order_by(Sheet.paper_id)
    )
    session.scalars(sheets.with_for_update(of=Sheet)).all()


def claim(session: Session, place: Place, size: int) -> None:
    """Raise `ConflictError` where `size` bytes more are too much."""
    one_at_a_time(session, place)
    quota_of(session, place).check(size)
