"""What marks says of entries: who was withdrawn brings no evidence any more."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.uploads.commands.lacking import lacking_told
from services.uploads.models import EnteredCandidate, Sheet
from shared.events.outbox import insert_into


def keep_entered(session: Session, data: Mapping[str, Any], sequence: int) -> None:
    """Know the entries of a sheet, and tell who lacks evidence where that is others now."""
    of_sheet = {name: data[name] for name in ("centre_no", "paper_id")}
    same = of_sheet | {"sequence": sequence}
    rows = [
        same | {"candidate_no": one["candidate_no"], "withdrawn": one["change"] == "withdrawn"}
        for one in sorted(data["candidates"], key=lambda one: str(one["candidate_no"]))
    ]
    if session.get(Sheet, tuple(of_sheet.values())) is None:
        _keep(session, rows)
        return
    with lacking_told(session, **of_sheet):
        _keep(session, rows)


def _keep(session: Session, rows: list[dict[str, Any]]) -> None:
    insert = insert_into(session, EnteredCandidate)
    newest = insert.on_conflict_do_update(
        index_elements=["centre_no", "paper_id", "candidate_no"],
        set_={name: insert.excluded[name] for name in ("withdrawn", "sequence")},
        where=EnteredCandidate.sequence < insert.excluded.sequence,
    )
    if rows:
        session.execute(newest, rows)
