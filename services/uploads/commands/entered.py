"""What marks says of entries: who was withdrawn brings no evidence any more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.uploads.commands.lacking import lacking_told
from services.uploads.models import EnteredCandidate, Sheet
from shared.events.newest import keep_newest


def keep_entered(session: Session, data: Mapping[str, Any], sequence: int) -> None:
    """Know the entries of a sheet, and tell who lacks evidence where that is others now."""
    of_sheet = {name: data[name] for name in ("centre_no", "paper_id")}
    same = of_sheet | {"sequence": sequence}
    rows = [
        same | {"candidate_no": one["candidate_no"], "withdrawn": one["change"] == "withdrawn"}
        for one in data["candidates"]
    ]
    if session.get(Sheet, tuple(of_sheet.values())) is None:
        keep_newest(session, EnteredCandidate, "sequence", rows)
        return
    with lacking_told(session, **of_sheet):
        keep_newest(session, EnteredCandidate, "sequence", rows)
