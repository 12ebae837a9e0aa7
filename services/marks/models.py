"""The tables of marks.

A *sheet* is one centre's candidates for one paper. Its row is the lock that every change of the
sheet takes first, so that saves, imports and submissions of one sheet queue; its `cursor` counts
the changes, and each candidate carries the cursor of its own last change (`changed_since`).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.marks.domain.text import LONGEST_NAME
from shared.db import APPEND_ONLY, TYPES

# SQLite gives increasing numbers only to a column of exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")
ID = String(32)
NAME = String(LONGEST_NAME)
NULLABLE_JSON = JSON(none_as_null=True)


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Paper(Base):
    """One internally assessed unit in one series: the board's catalogue."""

    __tablename__ = "papers"
    __table_args__ = (Index("uq_papers_code", "series_year", "series_month", "code", unique=True),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    series_month: Mapped[str] = mapped_column(String(9))
    series_year: Mapped[int]
    code: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(NAME)
    unit: Mapped[str] = mapped_column(NAME)
    qualification: Mapped[str] = mapped_column(NAME)
    board: Mapped[str] = mapped_column(NAME)
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    outcomes: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    not_classified: Mapped[str] = mapped_column(NAME)
    linear: Mapped[bool]
    initials_required: Mapped[bool]
    sample_policy: Mapped[str] = mapped_column(String(60))
    upload: Mapped[str] = mapped_column(String(10))
    evidence_pieces: Mapped[list[Any]]
    max_file_mib: Mapped[int | None]
    evidence_advice: Mapped[str | None] = mapped_column(NAME)
    upload_guide: Mapped[str | None] = mapped_column(NAME)
    work_to: Mapped[str | None] = mapped_column(NAME)
    tolerance: Mapped[int]
    marks_deadline: Mapped[date]
    sample_deadline: Mapped[date]
    evidence_until: Mapped[date]
    results_day: Mapped[datetime]
    linked: Mapped[list[Any]]
    consortia: Mapped[list[Any]]
    after_deadline: Mapped[str] = mapped_column(String(10), default="warn")


class PaperDraft(Base):
    """A paper that is not complete yet, as somebody of the board has typed it so far."""

    __tablename__ = "paper_drafts"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    given: Mapped[dict[str, Any]]
    version: Mapped[int]
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


class EdiSequence(Base):
    """The last EDI file loaded of each sequence; lock its row before loading the next."""

    __tablename__ = "edi_sequences"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    body: Mapped[str] = mapped_column(String(2), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    type: Mapped[str] = mapped_column(String(1), primary_key=True)
    last: Mapped[int | None]
    at: Mapped[datetime]


class Sheet(Base):
    """One centre's candidates for one paper; lock this row before changing anything of them.

    `extended_until` is the centre's own deadline for marks, where the board has given it one;
    `moderation` is the outcome, which nobody is shown before results day.
    """

    __tablename__ = "sheets"
    __table_args__ = (
        ForeignKeyConstraint(["paper_id"], ["papers.id"]),
        Index("ix_sheets_paper", "paper_id"),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    cursor: Mapped[int] = mapped_column(BigInteger, default=0)
    extended_until: Mapped[date | None]
    moderation: Mapped[str | None] = mapped_column(String(10))


class Candidate(Base):
    """An entry and its mark. `total` is the centre's, `effective_total` what counts.

    `submission` is the number of the submission that locked the mark; `standing` orders the
    candidates of a sheet by mark or outcome. `sample_reason` is in English; `sample_reasons` is by
    language, and None where a sample told no others. `clerical_error` is the amendment that stands
    now, `moderated` what became of the mark in moderation: shown from results day.
    """

    __tablename__ = "candidates"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        # A centre's are found by the second: this one finds a paper's, too.
        Index("uq_candidates_of_paper", "paper_id", "centre_no", "candidate_no", unique=True),
        Index("ix_candidates_changed", "centre_no", "paper_id", "changed"),
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str] = mapped_column(String(4))
    uci: Mapped[str] = mapped_column(String(13))
    surname: Mapped[str] = mapped_column(NAME)
    forenames: Mapped[str] = mapped_column(NAME)
    surname_key: Mapped[str] = mapped_column(Text)
    dob: Mapped[date]
    teaching_set: Mapped[str] = mapped_column(NAME)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    entered_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    code: Mapped[str | None] = mapped_column(String(2))
    outcome: Mapped[str | None] = mapped_column(NAME)
    initials: Mapped[str] = mapped_column(String(6), default="")
    total: Mapped[int | None]
    effective_total: Mapped[int | None]
    standing: Mapped[int] = mapped_column(default=0)
    started: Mapped[bool] = mapped_column(default=False)
    complete: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(BigInteger, default=0)
    submission: Mapped[int | None]

    clerical_error: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    sample_chosen_by: Mapped[str | None] = mapped_column(String(10))
    sample_reason: Mapped[str] = mapped_column(String(200), default="")
    sample_reasons: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)
    moderated: Mapped[dict[str, Any] | None] = mapped_column(NULLABLE_JSON)


class MarkChange(Base):
    """The history of a candidate's mark: who, when, from, to, how and why."""

    __tablename__ = "mark_changes"
    __table_args__ = (
        Index("ix_mark_changes", "centre_no", "paper_id", "candidate_no", "id"),
        {"info": APPEND_ONLY},
    )

    id: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str] = mapped_column(String(4))
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    how: Mapped[str] = mapped_column(String(20))
    why: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]


class Submission(Base):
    """The centre's final act for a sheet: the first, then one for each round of late entries.

    One that the board has undone is kept, and counts no more.
    """

    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(13), default="first")
    submitted_at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    candidates: Mapped[int]
    declarations: Mapped[dict[str, Any]]
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
        Index("uq_submissions", "centre_no", "paper_id", "number", unique=True),
    )


class ClericalError(Base):
    """A slip the moderator found; every one is kept, the newest stands (`Candidate`).

    It is acknowledged when the centre says that it has checked the marks of the others.
    """

    __tablename__ = "clerical_errors"
    __table_args__ = (Index("ix_clerical_errors", "centre_no", "paper_id", "candidate_no"),)

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str] = mapped_column(String(4))
    tasks: Mapped[list[Any] | None] = mapped_column(NULLABLE_JSON)
    total: Mapped[int]
    original: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    acknowledged_by_id: Mapped[str | None] = mapped_column(ID)
    acknowledged_by: Mapped[str | None] = mapped_column(String(200))
    acknowledged_at: Mapped[datetime | None]


class Request(Base):
    """What a centre asks of the board, and the board's decision.

    `kind` is `amendment`, `entry` or `extension`; `asked` is what it is to become, `before` what
    it was when it was asked.
    """

    __tablename__ = "requests"
    __table_args__ = (
        Index("ix_requests_sheet", "centre_no", "paper_id", "kind"),
        Index("ix_requests_state", "kind", "state", "id"),
    )

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str | None] = mapped_column(String(4))
    before: Mapped[dict[str, Any]]
    asked: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    decided_by_id: Mapped[str | None] = mapped_column(ID)
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(Text, default="")


class RequestDocument(Base):
    """What a centre sends with an amendment request, at most 5 MB of it."""

    __tablename__ = "request_documents"
    __table_args__ = (ForeignKeyConstraint(["request_id"], ["requests.id"]),)

    request_id: Mapped[str] = mapped_column(ID, primary_key=True)
    content_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[str] = mapped_column(ID)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    # Lists of requests do without it.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
