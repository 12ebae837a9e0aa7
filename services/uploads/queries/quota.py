"""How much evidence there is of a centre in a series."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.uploads.domain.quota import Quota
from services.uploads.domain.rules import Place
from services.uploads.models import EvidenceFile, Paper, Transfer
from shared.settings import settings


class QuotaJson(TypedDict):
    """What the evidence of the centre takes in the series, of what it may take; in bytes.

    Deleted files are kept, and count; so do uploads under way. `allowed` is null where any amount
    is.
    """

    used: int
    allowed: int | None


def quota_of(session: Session, place: Place) -> Quota:
    """That of the series that the paper of `place` is in."""
    kept = _total(EvidenceFile, place, EvidenceFile.purged_at.is_(None))
    coming = _total(Transfer, place)
    used = sum(session.scalars(wanted).one() for wanted in (kept, coming))
    return Quota(int(used), settings().evidence.quota_bytes)


def quota_json(quota: Quota) -> QuotaJson:
    return {"used": quota.used, "allowed": quota.allowed or None}


def _total(
    table: type[EvidenceFile] | type[Transfer], place: Place, *where: ColumnElement[bool]
) -> Select[int]:
    series = select(Paper.series).where(Paper.id == place.paper_id).scalar_subquery()
    return (
        select(func.coalesce(func.sum(table.size), 0))
        .join(Paper, Paper.id == table.paper_id)
        .where(table.centre_no == place.centre_no, Paper.series == series, *where)
    )
