"""The audit trail: who changed what, when, from, to and why; rows are added and never changed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared import clock, context
from shared.access.principal import Principal
from shared.db import APPEND_ONLY, PlatformBase
from shared.ids import new_id

OPERATOR = "operator"
# Of who did something, beside all that is done.
LONGEST_NAME = 200
# Whoever does what follows from events, and nobody has asked for.
SYSTEM = Principal("system", "system", "service", {}, "en", 0)


class AuditRow(PlatformBase):
    """One change. `subject` names the thing (`68101/<paper id>/1054`), `action` what was done.

    `centre_no` is the centre it is about, empty where it is about none or a person of several.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject", "at"),
        Index("ix_audit_centre", "centre_no", "at"),
        {"info": APPEND_ONLY},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(LONGEST_NAME))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(160))
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    why: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(String(64))
    centre_no: Mapped[str] = mapped_column(String(5))


@dataclass(frozen=True)
class Change:
    """What was, what is, and why."""

    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    why: str = ""


def record(
    session: Session, who: Principal | None, action: str, subject: str, change: Change
) -> None:
    """Leave a row for a change made in this transaction; without `who` it was an operator."""
    session.add(
        AuditRow(
            id=new_id(),
            at=clock.now(),
            by_id=who.user_id if who else OPERATOR,
            by=who.name if who else OPERATOR,
            action=action,
            subject=subject,
            before=change.before,
            after=change.after,
            why=change.why,
            request_id=context.request_id(),
            centre_no=_centre(subject, change),
        )
    )


def _centre(subject: str, change: Change) -> str:
    """The centre that the change or its subject names."""
    named = change.after.get("centre_no") or change.before.get("centre_no")
    first = subject.partition("/")[0]
    return str(named or (first if first.isdecimal() else ""))
