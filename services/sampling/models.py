"""The tables of sampling.

A *sheet* is one centre's candidates for one paper, known here once it was submitted. Its row is the
lock that every change of its sample takes first.
"""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES

ID = String(64)
State = Literal["none", "waiting", "generated"]
ChosenBy = Literal["system", "centre", "moderator", "board"]


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Paper(Base):
    """What the sample needs of a paper; no `outcomes` is a paper assessed by mark."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    policy: Mapped[str] = mapped_column(String(60))
    outcomes: Mapped[list[Any]]
    not_classified: Mapped[str] = mapped_column(String(60))
    linked: Mapped[list[Any]]
    upload: Mapped[str] = mapped_column(String(10))
    sample_deadline: Mapped[date]
    evidence_until: Mapped[date]
    results_day: Mapped[datetime]


class Sheet(Base):
    """A submitted sheet. `policy` is the paper's at the first submission, and stays.

    It is `waiting` until every linked paper of the centre is submitted too; no row is state `none`.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        ForeignKeyConstraint(["paper_id"], ["papers.id"]),
        Index("ix_sheets_paper", "paper_id", "state"),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    policy: Mapped[str] = mapped_column(String(60))
    submitted_at: Mapped[datetime]
    generated_at: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        return f"{self.centre_no}/{self.paper_id}"


class EnteredPaper(Base):
    """A paper the centre has entered candidates for: it may have to be waited for."""

    __tablename__ = "entered_papers"

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)


class SubmittedCandidate(Base):
    """A candidate as submitted; `mark` is the effective total.

    `sequence` is that of the event which told the mark: an older one does not change it.
    """

    __tablename__ = "submitted_candidates"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    mark: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(2))
    outcome: Mapped[str | None] = mapped_column(String(60))
    initials: Mapped[str] = mapped_column(String(6))
    sequence: Mapped[int] = mapped_column(BigInteger)


class Note(Base):
    """What the centre, the moderator or the board wrote when adding candidates."""

    __tablename__ = "notes"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        Index("ix_notes_sheet", "centre_no", "paper_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    by_id: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)


class SampledCandidate(Base):
    """A candidate in the sample: it stays there. `due` is the day a further request is due."""

    __tablename__ = "sampled_candidates"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        ForeignKeyConstraint(["note_id"], ["notes.id"]),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    chosen_by: Mapped[str] = mapped_column(String(10))
    reason_code: Mapped[str] = mapped_column(String(20))
    reason_values: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    due: Mapped[date | None]
    note_id: Mapped[str | None] = mapped_column(String(32))


class EvidenceFile(Base):
    """A candidate's file in uploads. A deleted one is remembered: its upload may be told later."""

    __tablename__ = "evidence_files"
    __table_args__ = (Index("ix_evidence_files_sheet", "centre_no", "paper_id", "candidate_no"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str] = mapped_column(String(4))
    deleted: Mapped[bool]
