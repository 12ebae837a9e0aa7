"""What marks says of a paper."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sampling.commands.samples import POLICIES, generate_ready
from services.sampling.models import EnteredPaper, Paper, Sheet
from shared.events.consumer import is_newer
from shared.events.outbox import insert_into

log = logging.getLogger(__name__)


def keep_paper(session: Session, data: Mapping[str, Any], sequence: int) -> None:
    """Keep a paper as it now is; sheets no longer linked to another stop waiting for it."""
    if not is_newer(session, f"paper:{data['paper_id']}", sequence):
        return
    if data["sample_policy"] not in POLICIES:
        extra = {"paper_id": data["paper_id"], "policy": data["sample_policy"]}
        log.error("no such sampling policy: submissions will wait for it", extra=extra)
    paper = session.merge(_paper(data))
    waiting = select(Sheet).filter_by(paper_id=paper.id, state="waiting")
    sheets = session.scalars(waiting.order_by(Sheet.centre_no).with_for_update()).all()
    generate_ready(session, sheets)


def keep_entered(session: Session, data: Mapping[str, Any]) -> None:
    """Remember that the centre has entered candidates for the paper."""
    if any(candidate["change"] == "added" for candidate in data["candidates"]):
        keys = {"centre_no": data["centre_no"], "paper_id": data["paper_id"]}
        insert = insert_into(session, EnteredPaper).values(**keys)
        session.execute(insert.on_conflict_do_nothing(index_elements=[*keys]))


def _paper(data: Mapping[str, Any]) -> Paper:
    return Paper(
        id=data["paper_id"],
        policy=data["sample_policy"],
        outcomes=data["outcomes"] or [],
        not_classified=data["not_classified"],
        linked=data["linked"],
        upload=data["upload"],
        sample_deadline=date.fromisoformat(data["sample_deadline"]),
        evidence_until=date.fromisoformat(data["evidence_until"]),
        results_day=datetime.fromisoformat(data["results_day"]),
    )
