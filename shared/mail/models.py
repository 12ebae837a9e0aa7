"""The mail a service has to send: the same table in every service's database."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shared.db import PlatformBase
from shared.seal import Sealed


class Mail(PlatformBase):
    """One mail to one person; a second one of the same `key` is the same mail.

    `content` is sealed (a mail may hold a password), and emptied when the mail has gone or was
    given up. Whoever moves `due_at` on has the mail until then. `reader_id` is whom it is to, as
    the service knows them; a `fault` of a settled mail is why it was given up.
    """

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_due", "settled_at", "due_at"),
        Index("ix_mails_reader", "reader_id", "queued_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    reader_id: Mapped[str] = mapped_column(String(32), default="")
    content: Mapped[str] = mapped_column(Sealed("mail"))
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(100), default="")
