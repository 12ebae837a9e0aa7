"""The tables of uploads: what events told of papers and samples, and the files themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import TYPES

ID = String(64)


class Base(DeclarativeBase):
    type_annotation_map = TYPES


class Paper(Base):
    """What evidence a paper asks for; from `paper.changed`."""

    __tablename__ = "papers"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    upload: Mapped[str] = mapped_column(String(10))
    evidence_until: Mapped[date]
    evidence_pieces: Mapped[list[Any]]
    max_file_mib: Mapped[int | None]
    series: Mapped[str] = mapped_column(String(30), index=True)


class Sheet(Base):
    """One centre's candidates for one paper: when they were last submitted and last sampled."""

    __tablename__ = "sheets"

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    submitted_at: Mapped[datetime | None]
    sampled_at: Mapped[datetime | None]


class SampleCandidate(Base):
    """A candidate whose evidence is asked for; `due` is the date of a further request."""

    __tablename__ = "sample_candidates"
    __table_args__ = (
        ForeignKeyConstraint(["centre_no", "paper_id"], ["sheets.centre_no", "sheets.paper_id"]),
    )

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    chosen_by: Mapped[str] = mapped_column(String(10))
    due: Mapped[date | None]


class EnteredCandidate(Base):
    """An entry; of whoever was withdrawn since the sample was made no evidence is awaited."""

    __tablename__ = "entered_candidates"

    centre_no: Mapped[str] = mapped_column(String(5), primary_key=True)
    paper_id: Mapped[str] = mapped_column(ID, primary_key=True)
    candidate_no: Mapped[str] = mapped_column(String(4), primary_key=True)
    withdrawn: Mapped[bool]
    sequence: Mapped[int] = mapped_column(BigInteger)


class EvidenceFile(Base):
    """A file the store holds whole; without `candidate_no` it belongs to the group.

    A deleted file keeps its row and its object, out of view; a purged one its row alone. Of a
    rejected one `finding` says what was found, empty where an operator gave it up; `tried_at` is
    when it was last looked at in vain. `shown_as` is the type it may be shown as in a page,
    if any. `about` is what its sender said of it (`domain.pieces.About`).
    """

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_sheet", "centre_no", "paper_id", "candidate_no"),
        Index("ix_files_status", "status", "uploaded_at"),
        Index("ix_files_receipt", "receipted_at", "uploaded_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str | None] = mapped_column(String(4))
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[str] = mapped_column(String(200))
    uploaded_by_id: Mapped[str] = mapped_column(String(32))
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(String(200))
    deleted_by_id: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(10))
    status_at: Mapped[datetime]
    finding: Mapped[str | None] = mapped_column(String(200))
    tried_at: Mapped[datetime | None]
    shown_as: Mapped[str | None] = mapped_column(String(255))
    purged_at: Mapped[datetime | None]
    receipted_at: Mapped[datetime | None]


class Transfer(Base):
    """An upload in parts under way; its file, once listed, has the same id.

    `sha256` is what the sender says of the content, if anything; `store_id` is what the store calls
    the upload.
    """

    __tablename__ = "transfers"
    __table_args__ = (Index("ix_transfers_begun", "begun_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(String(5))
    paper_id: Mapped[str] = mapped_column(ID)
    candidate_no: Mapped[str | None] = mapped_column(String(4))
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str | None] = mapped_column(String(64))
    object_key: Mapped[str] = mapped_column(String(200))
    store_id: Mapped[str] = mapped_column(Text)
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[str] = mapped_column(String(32))
