"""How fresh the read model is."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.reports.models import Heard


def as_of(session: Session) -> datetime | None:
    """When the last news of marks was taken in; None before the first."""
    return session.scalar(select(func.max(Heard.at)))
