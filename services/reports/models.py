"""The read model of reports: what events of the other services told.

Events arrive in any order and more than once. So a candidate's row is made by whatever mentions
it first, and each group of its columns carries the sequence of the event that set it; an event
with a lower one changes nothing. 0 means that no event has set the group yet. Sequences are those
of the event's source: marks counts entries, submissions and clerical errors of a centre and paper
together, sampling counts its own.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES

CENTRE_NO = String(5)
PAPER_ID = String(64)
CANDIDATE_NO = String(4)
NULLABLE_JSON = JSON(none_as_null=True)


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Paper(Base):
    """A paper of the catalogue."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(255))
    unit: Mapped[str] = mapped_column(String(255))
    full_title: Mapped[str] = mapped_column(String(1000))
    qualification: Mapped[str] = mapped_column(String(255))
    series: Mapped[dict[str, Any]]
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    outcomes: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    initials_required: Mapped[bool]
    sequence: Mapped[int] = mapped_column(BigInteger)


class Submission(Base):
    """The newest submission of a centre's paper."""

    __tablename__ = "submissions"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    submitted_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(BigInteger)


class Candidate(Base):
    """A row of the report. `total` is the centre's mark; `domain.marks` says which one counts."""

    __tablename__ = "candidates"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(CANDIDATE_NO, primary_key=True)

    surname: Mapped[str] = mapped_column(String(255), default="")
    forenames: Mapped[str] = mapped_column(String(255), default="")
    dob: Mapped[date | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    entry_sequence: Mapped[int] = mapped_column(BigInteger, default=0)

    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    total: Mapped[int | None]
    effective_total: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(2))
    outcome: Mapped[str | None] = mapped_column(String(255))
    initials: Mapped[str] = mapped_column(String(40), default="")
    mark_sequence: Mapped[int] = mapped_column(BigInteger, default=0)

    clerical_tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    clerical_total: Mapped[int] = mapped_column(default=0)
    clerical_sequence: Mapped[int] = mapped_column(BigInteger, default=0)

    chosen_by: Mapped[str | None] = mapped_column(String(10))
    sample_sequence: Mapped[int] = mapped_column(BigInteger, default=0)


class EvidenceFile(Base):
    """A candidate's file. One deleted stays deleted, so the order of its two events is no matter.

    Rows and not a number in `candidates`: a number could not tell a repeated event from a new one.
    """

    __tablename__ = "evidence_files"
    __table_args__ = (Index("ix_evidence_files_candidate", "centre_no", "paper_id"),)

    file_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    centre_no: Mapped[str] = mapped_column(CENTRE_NO)
    paper_id: Mapped[str] = mapped_column(PAPER_ID)
    candidate_no: Mapped[str] = mapped_column(CANDIDATE_NO)
    deleted: Mapped[bool]
