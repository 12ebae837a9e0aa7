"""What marks says of a paper."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from services.sampling.commands.groups import centres_of, generate_ready
from services.sampling.commands.locks import lock_paper
from services.sampling.commands.outcomes import settle_again
from services.sampling.models import EnteredCandidate, Paper, Sheet, SubmittedCandidate
from services.sampling.policies import POLICIES
from services.sampling.queries import entered_again
from shared.events.consumer import is_newer
from shared.events.newest import keep_newest

log = logging.getLogger(__name__)


def keep_paper(session: Session, data: Mapping[str, Any], sequence: int) -> None:
    """Keep a paper as it now is; sheets no longer linked to another stop waiting for it."""
    if not is_newer(session, f"paper:{data['paper_id']}", sequence):
        return
    if data.get("removed"):
        _forget(session, data["paper_id"])
        return
    if data["sample_policy"] not in POLICIES:
        extra = {"paper_id": data["paper_id"], "policy": data["sample_policy"]}
        log.error("no such sampling policy: submissions will wait for it", extra=extra)
    paper = session.merge(_paper(data))
    waiting = select(Sheet).filter_by(paper_id=paper.id, state="waiting")
    sheets = session.scalars(waiting.order_by(Sheet.centre_no).with_for_update()).all()
    generate_ready(session, sheets)


def _forget(session: Session, paper_id: str) -> None:
    """Know the paper no more, unless something here is about it."""
    used = [exists().where(table.paper_id == paper_id) for table in (Sheet, EnteredCandidate)]
    session.execute(delete(Paper).where(Paper.id == paper_id, *(~one for one in used)))


def keep_entered(session: Session, data: Mapping[str, Any], sequence: int) -> None:
    """Know the entries of a sheet; one whose entries are all withdrawn is waited for no more.

    Whoever was submitted, and left out since, is there again once entered again.
    """
    withdrawn = any(one["change"] == "withdrawn" for one in data["candidates"])
    if withdrawn:
        lock_paper(session, data["paper_id"])
    same = {"centre_no": data["centre_no"], "paper_id": data["paper_id"], "sequence": sequence}
    rows = [
        same | {"candidate_no": one["candidate_no"], "withdrawn": one["change"] == "withdrawn"}
        for one in data["candidates"]
    ]
    keep_newest(session, EnteredCandidate, "sequence", rows)
    if withdrawn:
        _go_on(session, data)
    # After the sheets that wait, which others lock in their order.
    _settle_who_came_back(session, data)


def _settle_who_came_back(session: Session, data: Mapping[str, Any]) -> None:
    """Where the outcome is approved already, tell what it makes of their marks."""
    sheet = session.get(Sheet, (data["centre_no"], data["paper_id"]), with_for_update=True)
    if sheet is None:
        return
    of_sheet = select(SubmittedCandidate.candidate_no).filter_by(
        centre_no=sheet.centre_no, paper_id=sheet.paper_id
    )
    back = session.scalars(of_sheet.where(SubmittedCandidate.left_out > 0, entered_again()))
    if not {one["candidate_no"] for one in data["candidates"]}.isdisjoint(back):
        settle_again(session, sheet)


def _go_on(session: Session, data: Mapping[str, Any]) -> None:
    """Those who may have waited for this sheet: its linked papers, and its consortium."""
    paper = session.get_one(Paper, data["paper_id"])
    centres = centres_of(paper, data["centre_no"])
    waiting = select(Sheet).where(Sheet.centre_no.in_(centres), Sheet.state == "waiting")
    in_order = waiting.order_by(Sheet.paper_id, Sheet.centre_no).with_for_update()
    generate_ready(session, session.scalars(in_order).all())


def _paper(data: Mapping[str, Any]) -> Paper:
    return Paper(
        id=data["paper_id"],
        full_title=data["full_title"],
        policy=data["sample_policy"],
        outcomes=data["outcomes"] or [],
        not_classified=data["not_classified"],
        tasks=data["tasks"],
        tolerance=data["tolerance"],
        linked=data["linked"],
        consortia=data["consortia"],
        upload=data["upload"],
        sample_deadline=date.fromisoformat(data["sample_deadline"]),
        evidence_until=date.fromisoformat(data["evidence_until"]),
        results_day=datetime.fromisoformat(data["results_day"]),
    )
