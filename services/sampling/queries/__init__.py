"""What is asked of samples: the sample as people see it, and as events tell it."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.sampling.domain import (
    Candidate,
    Reason,
    ReasonCode,
    WhyNot,
    describe,
    in_every_language,
    why_not,
)
from services.sampling.models import (
    ChosenBy,
    EnteredCandidate,
    EvidenceFile,
    Note,
    Paper,
    SampledCandidate,
    Sheet,
    State,
    SubmittedCandidate,
)
from services.sampling.policies import POLICIES
from shared.i18n import DEFAULT_LANGUAGE

_THEIR_ENTRY = (
    EnteredCandidate.centre_no == SubmittedCandidate.centre_no,
    EnteredCandidate.paper_id == SubmittedCandidate.paper_id,
    EnteredCandidate.candidate_no == SubmittedCandidate.candidate_no,
)


class SampledJson(TypedDict):
    """`reason` is in the reader's language; `files` counts the candidate's evidence."""

    candidate_no: str
    chosen_by: ChosenBy
    reason: str
    at: str
    note: str | None
    due: str | None
    files: int


class NotEligibleJson(TypedDict):
    """A submitted candidate who could not be chosen; `reason` is in the reader's language."""

    candidate_no: str
    why: WhyNot
    reason: str


class NoteJson(TypedDict):
    by: str
    at: str
    text: str


class SampleJson(TypedDict):
    """Candidates by candidate number, notes by time.

    `last_submitted_at` is of the last submission that the sample follows; null where none is known.
    `not_eligible` are those of a generated sample's sheet who are not in it and cannot be chosen.
    """

    state: State
    policy: str | None
    last_submitted_at: str | None
    candidates: list[SampledJson]
    not_eligible: list[NotEligibleJson]
    notes: list[NoteJson]


def sample_of(
    session: Session, centre_no: str, paper_id: str, there: Collection[str] | None = None
) -> dict[str, Any]:
    """The sample of a sheet as a `SampleJson`; state `none` where no submission is known.

    With `there`, only these candidates are shown, and only notes about them.
    """
    sheet = session.get(Sheet, (centre_no, paper_id))
    if sheet is None:
        return {
            "state": "none",
            "policy": None,
            "last_submitted_at": None,
            "candidates": [],
            "not_eligible": [],
            "notes": [],
        }
    everybody = sampled(session, sheet)
    out = _not_eligible(session, sheet, {row.candidate_no for row in everybody})
    rows = [row for row in everybody if there is None or row.candidate_no in there]
    about = {row.note_id for row in rows}
    notes = [note for note in notes_of(session, sheet) if there is None or note.id in about]
    texts = {note.id: note.text for note in notes}
    files = files_of(session, sheet)
    return {
        "state": sheet.state,
        "policy": sheet.policy,
        "last_submitted_at": _text(sheet.last_submitted_at),
        "candidates": [
            {
                **_candidate(row, describe(_reason(row))),
                "note": texts.get(row.note_id or ""),
                "files": files.get(row.candidate_no, 0),
            }
            for row in rows
        ],
        "not_eligible": [one for one in out if there is None or one["candidate_no"] in there],
        "notes": [{"by": note.by, "at": note.at.isoformat(), "text": note.text} for note in notes],
    }


def told_candidate(row: SampledCandidate) -> dict[str, Any]:
    """A candidate of the sample as the events carry it, without the note.

    `reason` is in English, `reasons` has it in every language.
    """
    reasons = in_every_language(_reason(row))
    return {**_candidate(row, reasons[DEFAULT_LANGUAGE]), "reasons": reasons}


def sampled(session: Session, sheet: Sheet) -> Sequence[SampledCandidate]:
    """The sample in the order of candidate numbers."""
    of_sheet = select(SampledCandidate).filter_by(
        centre_no=sheet.centre_no, paper_id=sheet.paper_id
    )
    return session.scalars(of_sheet.order_by(SampledCandidate.candidate_no)).all()


def _not_eligible(session: Session, sheet: Sheet, chosen: Collection[str]) -> list[NotEligibleJson]:
    """Who of a generated sample's sheet cannot be chosen, by number, but for the `chosen`."""
    if sheet.state != "generated":
        return []
    paper = session.get_one(Paper, sheet.paper_id)
    policy = POLICIES.get(sheet.policy)
    there = {one.candidate_no: one for one in submitted(session, sheet)}

    def why(number: str) -> WhyNot | None:
        if number not in there:
            return WhyNot.WITHDRAWN
        return why_not(
            there[number],
            include_zero=policy is not None and policy.include_zero,
            outcomes=paper.outcomes,
            not_classified=paper.not_classified,
        )

    numbers = select(SubmittedCandidate.candidate_no).filter_by(
        centre_no=sheet.centre_no, paper_id=sheet.paper_id
    )
    ordered = session.scalars(numbers.order_by(SubmittedCandidate.candidate_no))
    found = ((number, why(number)) for number in ordered if number not in chosen)
    return [
        {"candidate_no": number, "why": known, "reason": known.describe()}
        for number, known in found
        if known
    ]


def submitted(session: Session, sheet: Sheet) -> list[Candidate]:
    """The submitted candidates of the sheet, with the marks that count."""
    return [
        Candidate(row.candidate_no, row.mark, row.code, row.outcome, row.initials)
        for row in submitted_rows(session, sheet)
    ]


def submitted_rows(session: Session, sheet: Sheet) -> Sequence[SubmittedCandidate]:
    """Who was submitted, but for those whose entry was withdrawn since their mark was told.

    Nor those whom a later submission left out, unless they were entered again since.
    """
    withdrawn = exists().where(
        *_THEIR_ENTRY,
        EnteredCandidate.withdrawn.is_(True),
        EnteredCandidate.sequence > SubmittedCandidate.sequence,
    )
    left_out = and_(SubmittedCandidate.left_out > 0, ~entered_again())
    of_sheet = select(SubmittedCandidate).filter_by(
        centre_no=sheet.centre_no, paper_id=sheet.paper_id
    )
    return session.scalars(of_sheet.where(~withdrawn, ~left_out)).all()


def entered_again() -> ColumnElement[bool]:
    """That a submitted candidate was entered after the last submission that left them out."""
    return exists().where(
        *_THEIR_ENTRY,
        EnteredCandidate.withdrawn.is_(False),
        EnteredCandidate.sequence > SubmittedCandidate.left_out,
    )


def _candidate(row: SampledCandidate, reason: str) -> dict[str, Any]:
    return {
        "candidate_no": row.candidate_no,
        "chosen_by": row.chosen_by,
        "reason": reason,
        "at": row.at.isoformat(),
        "due": _text(row.due),
    }


def _text(day_or_time: date | None) -> str | None:
    return day_or_time.isoformat() if day_or_time else None


def _reason(row: SampledCandidate) -> Reason:
    return Reason(ReasonCode(row.reason_code), row.reason_values)


def notes_of(session: Session, sheet: Sheet) -> Sequence[Note]:
    """What was written with additions and requests, the oldest first."""
    of_sheet = select(Note).filter_by(centre_no=sheet.centre_no, paper_id=sheet.paper_id)
    return session.scalars(of_sheet.order_by(Note.at, Note.id)).all()


def files_of(session: Session, sheet: Sheet) -> dict[str, int]:
    """How many files of evidence each candidate has."""
    of_sheet = select(EvidenceFile.candidate_no, func.count()).filter_by(
        centre_no=sheet.centre_no, paper_id=sheet.paper_id, deleted=False
    )
    return dict(session.execute(of_sheet.group_by(EvidenceFile.candidate_no)).all())
