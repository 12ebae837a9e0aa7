"""The read model of reports: what events of the other services told.

Events arrive in any order and more than once. So a candidate's row is made by whatever mentions
it first, and each group of its columns carries the sequence of the event that set it; an event
with a lower one changes nothing. 0 means that no event has set the group yet. Sequences are those
of the event's source: marks counts entries, submissions and clerical errors of a centre and paper
together, sampling counts its own.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.reports.models.base import CANDIDATE_NO, CENTRE_NO, NULLABLE_JSON, PAPER_ID, Base


class Paper(Base):
    """A paper of the catalogue; nothing is released of one whose `results_day` is not known."""

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
    results_day: Mapped[datetime | None]
    upload: Mapped[str] = mapped_column(String(10), default="none")
    marks_deadline: Mapped[date | None]
    evidence_until: Mapped[date | None]
    sequence: Mapped[int] = mapped_column(BigInteger)


class Submission(Base):
    """The newest submission of a centre's paper; one that is `reopened` was undone."""

    __tablename__ = "submissions"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    submitted_at: Mapped[datetime]
    reopened: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(BigInteger)


class Extension(Base):
    """A later deadline for marks that a centre asked for, and how that stands."""

    __tablename__ = "extensions"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    marks_deadline: Mapped[date]
    sequence: Mapped[int] = mapped_column(BigInteger)


class Candidate(Base):
    """A row of the report. `total` is the centre's mark; `domain.marks` says which one counts.

    `due` is the day by which evidence of a candidate sampled by a further request is asked for.
    """

    __tablename__ = "candidates"
    __table_args__ = (Index("ix_candidates_paper", "paper_id", "centre_no"),)

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

    amendment: Mapped[str | None] = mapped_column(String(10))
    amendment_sequence: Mapped[int] = mapped_column(BigInteger, default=0)

    moderated_total: Mapped[int | None]
    moderated_outcome: Mapped[str | None] = mapped_column(String(255))
    moderation_sequence: Mapped[int] = mapped_column(BigInteger, default=0)

    chosen_by: Mapped[str | None] = mapped_column(String(10))
    due: Mapped[date | None]
    sample_sequence: Mapped[int] = mapped_column(BigInteger, default=0)


class Heard(Base):
    """When marks was last heard of a subject of its events."""

    __tablename__ = "heard"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Correction(Base):
    """A correction, and whether the centre has acknowledged it: its two events may come either way.

    It is known by when it was recorded.
    """

    __tablename__ = "corrections"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(CANDIDATE_NO, primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(primary_key=True)
    acknowledged: Mapped[bool]


# Whose a group file is.
OF_THE_GROUP = ""


class EvidenceFile(Base):
    """A candidate's file, or one of the group.

    One deleted stays deleted, so the order of its two events is no matter.

    Rows and not a number in `candidates`: a number could not tell a repeated event from a new one.
    """

    __tablename__ = "evidence_files"
    __table_args__ = (Index("ix_evidence_files_candidate", "centre_no", "paper_id"),)

    file_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    centre_no: Mapped[str] = mapped_column(CENTRE_NO)
    paper_id: Mapped[str] = mapped_column(PAPER_ID)
    candidate_no: Mapped[str] = mapped_column(CANDIDATE_NO)
    deleted: Mapped[bool]


class Lack(Base):
    """A candidate who lacks evidence, or the group, as uploads told last.

    `missing` are the named pieces, where the paper has some.
    """

    __tablename__ = "lacks"

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(CANDIDATE_NO, primary_key=True)
    missing: Mapped[list[Any]]
