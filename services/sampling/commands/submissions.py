"""What marks says of a sheet: its submissions, and the clerical errors found after them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from services.sampling.commands.groups import extend, generate_ready
from services.sampling.commands.locks import lock_paper
from services.sampling.commands.outcomes import settle_again
from services.sampling.commands.samples import forget
from services.sampling.models import Paper, Sheet, SubmittedCandidate
from services.sampling.policies import POLICIES
from shared.events.consumer import NotYetError, is_newer
from shared.events.models import Watermark
from shared.events.outbox import insert_into

Data = Mapping[str, Any]
MARK = ("mark", "tasks", "code", "outcome", "initials", "sequence", "left_out")


def take_submission(session: Session, data: Data, sequence: int) -> None:
    """Keep the submitted marks; choose the sample of a first submission, else let it grow.

    `NotYetError` while the paper or its policy is unknown, or a supplementary submission is here
    before the first: its sample would not be the one that both in their order give.
    """
    paper = lock_paper(session, data["paper_id"])
    if not is_newer(session, _aspect(data), sequence):
        return
    sheets = _lock_sheets(session, data["centre_no"], paper.id)
    if paper.id not in sheets:
        sheets[paper.id] = _open(session, paper, data)
    sheet = sheets[paper.id]
    sheet.last_submitted_at = _submitted_at(data)
    _keep_marks(session, sheet, data["candidates"], sequence)
    if sheet.state == "generated":
        extend(session, sheet, paper)
        settle_again(session, sheet)
    else:
        generate_ready(session, list(sheets.values()))


def correct_mark(session: Session, data: Data, sequence: int) -> None:
    """Keep the mark that counts after a clerical error; the sample stays as it is."""
    row = _submitted(session, data, sequence)
    if row is not None and row.sequence < sequence:
        row.mark, row.tasks = data["effective_total"], data["amended"]["tasks"]
        row.sequence = sequence
        _settle_again(session, data)


def amend_mark(session: Session, data: Data, sequence: int) -> None:
    """Keep the mark after an amendment; the sample stays as it is."""
    row = _submitted(session, data, sequence)
    if row is not None and row.sequence < sequence:
        after = data["after"]
        row.mark, row.tasks, row.sequence = after["total"], after["tasks"], sequence
        row.code, row.outcome, row.initials = after["code"], after["outcome"], after["initials"]
        _settle_again(session, data)


def forget_submission(session: Session, data: Data, sequence: int) -> None:
    """Undo what a mistaken submission brought about: the next one is a first one."""
    paper = lock_paper(session, data["paper_id"])
    if not is_newer(session, _aspect(data), sequence):
        return
    sheet = session.get(Sheet, (data["centre_no"], paper.id), with_for_update=True)
    if sheet is not None:
        forget(session, sheet, "submission reopened")


def _settle_again(session: Session, data: Data) -> None:
    settle_again(session, session.get_one(Sheet, (data["centre_no"], data["paper_id"])))


def _submitted_at(data: Data) -> datetime:
    return datetime.fromisoformat(data["submitted_at"])


def _aspect(data: Data) -> str:
    """The watermark of what marks says of a sheet as a whole."""
    return f"marks:{data['centre_no']}/{data['paper_id']}"


def _submitted(session: Session, data: Data, sequence: int) -> SubmittedCandidate | None:
    """The candidate, locked with its sheet; None where what came later has left it out.

    `NotYetError` where the submission that names it is still to come.
    """
    key = (data["centre_no"], data["paper_id"], data["candidate_no"])
    # The board deciding on the sheet at this moment would else tell of the mark before.
    session.get(Sheet, key[:2], with_for_update=True)
    row = session.get(SubmittedCandidate, key, with_for_update=True)
    if row is None:
        applied = session.get(Watermark, _aspect(data))
        if applied is None or applied.sequence < sequence:
            raise NotYetError("a change of a candidate not submitted yet")
    return row


def _lock_sheets(session: Session, centre_no: str, paper_id: str) -> dict[str, Sheet]:
    """The sheet of the paper and all of the centre that wait, by paper.

    They are locked in the order of papers whichever of them was submitted: two submissions of one
    centre would else hold their own sheet and want the other's.
    """
    own_or_waiting = or_(Sheet.paper_id == paper_id, Sheet.state == "waiting")
    wanted = select(Sheet).where(Sheet.centre_no == centre_no, own_or_waiting)
    locked = session.scalars(wanted.order_by(Sheet.paper_id).with_for_update())
    return {sheet.paper_id: sheet for sheet in locked}


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
        submitted_at=_submitted_at(data),
        last_submitted_at=_submitted_at(data),
    )
    session.add(sheet)
    session.flush()
    return sheet


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
    # Whoever was not named now has an older sequence: withdrawn, and maybe entered again one day.
    of_sheet = (
        SubmittedCandidate.centre_no == sheet.centre_no,
        SubmittedCandidate.paper_id == sheet.paper_id,
    )
    left_out = update(SubmittedCandidate).where(*of_sheet, is_older)
    session.execute(left_out.values(left_out=sequence))


def _row(sheet: Sheet, told: Data, sequence: int) -> dict[str, Any]:
    return {
        "centre_no": sheet.centre_no,
        "paper_id": sheet.paper_id,
        "candidate_no": told["candidate_no"],
        "mark": told["effective_total"],
        "tasks": _counting_tasks(told),
        "code": told["code"],
        "outcome": told["outcome"],
        "initials": told["initials"],
        "sequence": sequence,
        "left_out": 0,
    }


def _counting_tasks(told: Data) -> list[int] | None:
    """The tasks where they make the mark that counts: an amendment of the total leaves none."""
    tasks = told.get("effective_tasks", told["tasks"]) or []
    whole = all(task is not None for task in tasks)
    return tasks if whole and tasks and sum(tasks) == told["effective_total"] else None
