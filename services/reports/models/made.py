"""What the service does by itself: reminders, and all reports of a centre at once."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.reports.models.base import CENTRE_NO, PAPER_ID, Base


class Reminder(Base):
    """That a centre was reminded of what its paper lacks, so many days (`step`) before."""

    __tablename__ = "reminders"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    deadline: Mapped[date] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Bundle(Base):
    """All reports of a centre in one file, as one person asked for it: one of each kind at a time.

    `claims` are theirs when they asked, `papers` the ids in order and `done` how many are dealt
    with. `held_until` is how long others leave it to its worker; `tries` counts these. One that
    another has replaced is nobody's: it bears its own id in `asked_by`.
    """

    __tablename__ = "bundles"
    __table_args__ = (UniqueConstraint("asked_by", "centre_no", "format"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(64))
    centre_no: Mapped[str] = mapped_column(CENTRE_NO)
    format: Mapped[str] = mapped_column(String(3))
    language: Mapped[str] = mapped_column(String(2))
    claims: Mapped[dict[str, Any]]
    papers: Mapped[list[Any]]
    done: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    held_until: Mapped[datetime]
    ready_at: Mapped[datetime | None]


class BundlePart(Base):
    """A document of a bundle: the PDF of one paper, or the one of all."""

    __tablename__ = "bundle_parts"

    bundle_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
