"""What marks says of corrections: recorded and acknowledged may be told in any order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from services.sampling.models import Correction
from shared.events.outbox import insert_into

Data = Mapping[str, Any]
KEY = ("centre_no", "paper_id", "candidate_no")


def note_recorded(session: Session, data: Data) -> None:
    """Wait for the centre to acknowledge it, unless it has."""
    insert = insert_into(session, Correction).values(**_key(data), acknowledged=False)
    session.execute(insert.on_conflict_do_nothing(index_elements=[*KEY, "recorded_at"]))


def note_acknowledged(session: Session, data: Data) -> None:
    insert = insert_into(session, Correction).values(**_key(data), acknowledged=True)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=[*KEY, "recorded_at"], set_={"acknowledged": True}
        )
    )


def _key(data: Data) -> dict[str, object]:
    recorded_at = datetime.fromisoformat(data["recorded_at"])
    return {name: data[name] for name in KEY} | {"recorded_at": recorded_at}
