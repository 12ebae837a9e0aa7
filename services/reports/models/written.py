"""What is written here, and nobody else's to tell: moderators' reports, with their files."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from services.reports.models.base import CENTRE_NO, PAPER_ID, Base

UNDECIDED = text("decided_version < version")


class ModeratorReport(Base):
    """What the moderator of a sheet writes to the centre; `version` counts its changes.

    `announced_at` is when others were told that it is released. What the board said last, it said
    of `decided_version` (0: of none yet): of another one it has said nothing.

    `about` is the sequence of the submission that the text was written about. One that is `undone`
    is about a submission that is no more.
    """

    __tablename__ = "moderator_reports"
    __table_args__ = (
        Index("ix_moderator_reports_announced", "announced_at"),
        Index("ix_moderator_reports_decision", "decision"),
        Index(
            "ix_moderator_reports_waiting",
            "paper_id",
            sqlite_where=UNDECIDED,
            postgresql_where=UNDECIDED,
        ),
    )

    centre_no: Mapped[str] = mapped_column(CENTRE_NO, primary_key=True)
    paper_id: Mapped[str] = mapped_column(PAPER_ID, primary_key=True)
    tasks: Mapped[str] = mapped_column(Text)
    accuracy: Mapped[str] = mapped_column(Text)
    administration: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(200))
    written_by_id: Mapped[str] = mapped_column(String(32))
    announced_at: Mapped[datetime | None]
    decision: Mapped[str | None] = mapped_column(String(10))
    decided_version: Mapped[int] = mapped_column(server_default="0", default=0)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_by_id: Mapped[str | None] = mapped_column(String(32))
    comment: Mapped[str | None] = mapped_column(Text)
    about: Mapped[int] = mapped_column(BigInteger, server_default="0", default=0)
    undone: Mapped[bool] = mapped_column(server_default=false(), default=False)

    @property
    def sheet(self) -> str:
        """The subject of its events."""
        return f"{self.centre_no}/{self.paper_id}"


class ReportFile(Base):
    """A file with a moderator's report; the store has it whole.

    Of one that is removed row and object stay a while: a backup that has begun copies the object.
    """

    __tablename__ = "report_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["centre_no", "paper_id"],
            ["moderator_reports.centre_no", "moderator_reports.paper_id"],
            ondelete="CASCADE",
        ),
        Index("ix_report_files_sheet", "centre_no", "paper_id"),
        Index("ix_report_files_removed", "removed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    centre_no: Mapped[str] = mapped_column(CENTRE_NO)
    paper_id: Mapped[str] = mapped_column(PAPER_ID)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(255))
    object_key: Mapped[str] = mapped_column(String(200), unique=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(200))
    added_by_id: Mapped[str] = mapped_column(String(32))
    removed_at: Mapped[datetime | None]
