"""The tables of sampling.

A *sheet* is one centre's candidates for one paper, known here once it was submitted. Its row is the
lock that every change of its sample takes first.
"""

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES

ID = String(64)
PERSON = String(32)
NULLABLE_JSON = JSON(none_as_null=True)
State = Literal["none", "waiting", "generated"]
ChosenBy = Literal["system", "centre", "moderator", "board"]


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Paper(Base):
    """What sampling needs of a paper; no `outcomes` is a paper assessed by mark.

    `tolerance` is in marks: so far the moderator's mark may be from the centre's. A paper told of
    before its `full_title` was kept has none until it is told of again.
    """

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    full_title: Mapped[str | None] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(String(60))
    outcomes: Mapped[list[Any]]
    not_classified: Mapped[str] = mapped_column(String(60))
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    tolerance: Mapped[int] = mapped_column(default=0)
    linked: Mapped[list[Any]]
    consortia: Mapped[list[Any]]
    upload: Mapped[str] = mapped_column(String(10))
    sample_deadline: Mapped[date]
    evidence_until: Mapped[date]
    results_day: Mapped[datetime]


class Sheet(Base):
    """A submitted sheet. `policy` is the paper's at the first submission, and stays.

    `last_submitted_at` is when the last submission that is known here was made; None is not known.

    It is `waiting` until every linked paper of the centre is submitted too, and every centre of its
    consortium; no row is state `none`.
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
    last_submitted_at: Mapped[datetime | None]
    generated_at: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        return f"{self.centre_no}/{self.paper_id}"


class EnteredCandidate(Base):
    """An entry: a paper that has one which is not withdrawn may have to be waited for."""

    __tablename__ = "entered_candidates"

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    withdrawn: Mapped[bool]
    sequence: Mapped[int] = mapped_column(BigInteger)


class SubmittedCandidate(Base):
    """A candidate as submitted; `mark` is the effective total, of `tasks` where they are known.

    `sequence` is that of the event which told the mark: an older one does not change it.
    `left_out` is that of the last submission which did not name who was submitted before, and so
    is withdrawn until an entry that is told later; 0 where all named the candidate.
    """

    __tablename__ = "submitted_candidates"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    mark: Mapped[int | None]
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    code: Mapped[str | None] = mapped_column(String(2))
    outcome: Mapped[str | None] = mapped_column(String(60))
    initials: Mapped[str] = mapped_column(String(6))
    sequence: Mapped[int] = mapped_column(BigInteger)
    left_out: Mapped[int] = mapped_column(BigInteger, server_default="0", default=0)


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


class Moderation(Base):
    """The moderation of a sheet: `open` with the moderator, `completed`, `approved` by the board.

    `first` are the candidates of stage 1, as they were when the moderator began. `line` is the
    adjustment, in exact fractions.
    """

    __tablename__ = "moderations"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        Index("ix_moderations_state", "state"),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    blind: Mapped[bool]
    first: Mapped[list[Any]]
    outcome: Mapped[str | None] = mapped_column(String(10))
    line: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    comment: Mapped[str] = mapped_column(Text, default="")
    completed_by_id: Mapped[str | None] = mapped_column(PERSON)
    completed_by: Mapped[str | None] = mapped_column(String(200))
    completed_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[str | None] = mapped_column(PERSON)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]


class ModeratorMarkRow(Base):
    """The moderator's mark of a sampled candidate; `version` counts its changes."""

    __tablename__ = "moderator_marks"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    total: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(String(60))
    comment: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    by_id: Mapped[str] = mapped_column(PERSON)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class Correction(Base):
    """A correction, and whether the centre has acknowledged it: its two events may come either way.

    It is known by when it was recorded.
    """

    __tablename__ = "corrections"

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(primary_key=True)
    acknowledged: Mapped[bool]


class EvidenceFile(Base):
    """A candidate's file in uploads. A deleted one is remembered: its upload may be told later."""

    __tablename__ = "evidence_files"
    __table_args__ = (Index("ix_evidence_files_sheet", "centre_no", "paper_id", "candidate_no"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str] = mapped_column(String(4))
    deleted: Mapped[bool]
