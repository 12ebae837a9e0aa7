"""How much evidence there is of a centre in a series."""

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.uploads.domain.quota import Quota
from services.uploads.domain.rules import Place
from services.uploads.models import EvidenceFile, Paper, Transfer
from shared.access.principal import Principal
from shared.access.rules import only_papers
from shared.access.teaching_sets import only_sets
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


def is_whole(who: Principal, place: Place) -> bool:
    """Whether all papers and teaching sets of the centre are there for somebody who sees `place`.

    For a moderator only what is allocated is.
    """
    restricted = only_papers(who, place.centre_no), only_sets(who, place.centre_no)
    return who.kind != "appointee" and restricted == (None, None)


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
