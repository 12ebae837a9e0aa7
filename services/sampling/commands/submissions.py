"""What marks says of a sheet: its submissions, and the clerical errors found after them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.sampling.commands.samples import POLICIES, extend, generate_ready
from services.sampling.models import Paper, Sheet, SubmittedCandidate
from shared.events.consumer import NotYetError, is_newer
from shared.events.outbox import insert_into

Data = Mapping[str, Any]
MARK = ("mark", "code", "outcome", "initials", "sequence")


def take_submission(session: Session, data: Data, sequence: int) -> None:
    """Keep the submitted marks; choose the sample of a first submission, else let it grow.

    `NotYetError` while the paper or its policy is unknown, or a supplementary submission is here
    before the first: its sample would not be the one that both in their order give.
    """
    paper = _lock_paper(session, data["paper_id"])
    if not is_newer(session, f"marks:{data['centre_no']}/{paper.id}", sequence):
        return
    key = (data["centre_no"], paper.id)
    sheet = session.get(Sheet, key, with_for_update=True) or _open(session, paper, data)
    _keep_marks(session, sheet, data["candidates"], sequence)
    if sheet.state == "generated":
        extend(session, sheet, paper)
    else:
        generate_ready(session, _waiting(session, sheet.centre_no))


def correct_mark(session: Session, data: Data, sequence: int) -> None:
    """Keep the mark that counts after a clerical error; the sample stays as it is."""
    key = (data["centre_no"], data["paper_id"], data["candidate_no"])
    row = session.get(SubmittedCandidate, key, with_for_update=True)
    if row is None:
        raise NotYetError("a clerical error of a candidate not submitted yet")
    if row.sequence < sequence:
        row.mark = data["effective_total"]
        row.sequence = sequence


def _lock_paper(session: Session, paper_id: str) -> Paper:
    """The paper, locked with those linked to it: submissions of linked papers queue.

    Otherwise two at the same moment would each find the other not submitted, and both would wait.
    """
    paper = session.get(Paper, paper_id)
    if paper is None:
        raise NotYetError("a submission for a paper not known yet")
    group = select(Paper).where(Paper.id.in_([paper.id, *paper.linked])).order_by(Paper.id)
    session.scalars(group.with_for_update().execution_options(populate_existing=True)).all()
    return paper


def _open(session: Session, paper: Paper, data: Data) -> Sheet:
    if data["kind"] != "first":
        raise NotYetError("a supplementary submission before the first")
    if paper.policy not in POLICIES:
        message = f"no sampling policy is called {paper.policy!r}"
        raise NotYetError(message)
    sheet = Sheet(
        centre_no=data["centre_no"],
        paper_id=paper.id,
        state="waiting",
        policy=paper.policy,
        submitted_at=datetime.fromisoformat(data["submitted_at"]),
    )
    session.add(sheet)
    session.flush()
    return sheet


def _waiting(session: Session, centre_no: str) -> list[Sheet]:
    waiting = select(Sheet).filter_by(centre_no=centre_no, state="waiting")
    return list(session.scalars(waiting.order_by(Sheet.paper_id).with_for_update()))


def _keep_marks(
    session: Session, sheet: Sheet, candidates: list[dict[str, Any]], sequence: int
) -> None:
    """Replace the marks of the sheet, but for those a newer clerical error told."""
    rows = [_row(sheet, told, sequence) for told in candidates]
    is_older = SubmittedCandidate.sequence < sequence
    if rows:
        insert = insert_into(session, SubmittedCandidate)
        new = {column: insert.excluded[column] for column in MARK}
        keys = ["centre_no", "paper_id", "candidate_no"]
        session.execute(
            insert.on_conflict_do_update(index_elements=keys, set_=new, where=is_older), rows
        )
    # Whoever was not named now has an older sequence: withdrawn.
    of_sheet = (
        SubmittedCandidate.centre_no == sheet.centre_no,
        SubmittedCandidate.paper_id == sheet.paper_id,
    )
    session.execute(delete(SubmittedCandidate).where(*of_sheet, is_older))


def _row(sheet: Sheet, told: Data, sequence: int) -> dict[str, Any]:
    return {
        "centre_no": sheet.centre_no,
        "paper_id": sheet.paper_id,
        "candidate_no": told["candidate_no"],
        "mark": told["effective_total"],
        "code": told["code"],
        "outcome": told["outcome"],
        "initials": told["initials"],
        "sequence": sequence,
    }
