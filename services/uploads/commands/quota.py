"""Taking what a file needs of its centre's quota, in the transaction that it is kept in."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.domain.rules import Place
from services.uploads.models import Paper
from services.uploads.queries import quota_of
from shared.locks import queue_for


def one_at_a_time(session: Session, place: Place) -> None:
    """Of several files of a centre and series at once, each sees those before it.

    They queue by themselves: who locked all their sheets would wait for events that lock several,
    in another order.
    """
    series = session.scalar(select(Paper.series).where(Paper.id == place.paper_id))
    queue_for(session, f"evidence of {place.centre_no} in {series}")


def claim(session: Session, place: Place, size: int) -> None:
    """Raise `ConflictError` where `size` bytes more are too much."""
    one_at_a_time(session, place)
    quota_of(session, place).check(size)
