"""What uploads says of candidates' files; uploads and deletions may be told in any order."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.sampling.models import EvidenceFile
from shared.events.outbox import insert_into

Data = Mapping[str, Any]


def keep_file(session: Session, data: Data) -> None:
    """Count a candidate's file; a group file belongs to nobody alone."""
    if data["candidate_no"] is not None:
        insert = insert_into(session, EvidenceFile).values(**_values(data), deleted=False)
        session.execute(insert.on_conflict_do_nothing(index_elements=["id"]))


def forget_file(session: Session, data: Data) -> None:
    """Count a candidate's file no longer, also when its upload is told later."""
    if data["candidate_no"] is not None:
        insert = insert_into(session, EvidenceFile).values(**_values(data), deleted=True)
        session.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"deleted": True}))


def _values(data: Data) -> dict[str, str]:
    keys = ("centre_no", "paper_id", "candidate_no")
    return {"id": data["file_id"], **{key: data[key] for key in keys}}
