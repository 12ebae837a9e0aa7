"""HTTP of what centres ask of the board, and of what the board decides."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema

from services.marks.access import (
    MAY_ASK_FOR_ENTRIES,
    MAY_DECIDE,
    MAY_MARK,
    MAY_SEE_ENTRY_REQUESTS,
    MAY_SEE_WHAT_IS_LEFT,
    MAY_SUBMIT,
)
from services.marks.api.marks import Tasks, Text
from services.marks.api.request_kinds import Reason, RequestKind, declare
from services.marks.commands.amendments import ask_amendment, decide_amendment
from services.marks.commands.entry_requests import ask_entry, decide_entry
from services.marks.commands.extensions import ask_extension, decide_extension
from services.marks.domain.requests import Kind
from shared.access.rules import BOARD
from shared.web.fields import Day

CandidateNo = Annotated[Any, WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}$"})]
Line = Annotated[Any, WithJsonSchema({"type": "string"})]
DateText = Annotated[Any, WithJsonSchema({"type": "string", "format": "date"})]


class AskAmendment(BaseModel):
    """The mark that is right: exactly one of tasks, code and outcome; and why."""

    model_config = ConfigDict(extra="ignore")

    candidate_no: CandidateNo
    tasks: Tasks = None
    code: Text = None
    outcome: Text = None
    initials: Text = None
    reason: Reason


class AskExtension(BaseModel):
    """The day the centre wants to have until, and why."""

    model_config = ConfigDict(extra="ignore")

    until: Day
    reason: Reason


class AskEntry(BaseModel):
    """Whom to enter, and why so late."""

    model_config = ConfigDict(extra="ignore")

    candidate_no: CandidateNo
    surname: Line
    forenames: Line
    dob: DateText
    uci: Line = ""
    teaching_set: Line = ""
    reason: Reason


declare(
    RequestKind(
        kind=Kind.AMENDMENT,
        body=AskAmendment,
        ask=ask_amendment,
        decide=decide_amendment,
        may_ask=MAY_MARK,
        may_see=MAY_SEE_WHAT_IS_LEFT,
        may_decide=MAY_DECIDE,
        asks="Ask the board to amend a submitted mark.",
        lists="The amendments a centre has asked for, with what became of them.",
        decides="Decide an amendment: an accepted mark counts at once.",
        lists_all="Every amendment asked for, of all centres.",
    )
)
declare(
    RequestKind(
        kind=Kind.EXTENSION,
        body=AskExtension,
        ask=ask_extension,
        decide=decide_extension,
        may_ask=MAY_SUBMIT,
        may_see=MAY_SEE_WHAT_IS_LEFT,
        may_decide=MAY_DECIDE,
        asks="Ask the board for a later deadline.",
        lists="The later deadlines a centre has asked for.",
        decides="Decide on a later deadline.",
        lists_all="Every later deadline asked for, of all centres.",
    )
)
declare(
    RequestKind(
        kind=Kind.ENTRY,
        body=AskEntry,
        ask=ask_entry,
        decide=decide_entry,
        may_ask=MAY_ASK_FOR_ENTRIES,
        may_see=MAY_SEE_ENTRY_REQUESTS,
        may_decide=BOARD,
        asks="Ask the board to enter a late candidate.",
        lists="The late entries a centre has asked for.",
        decides="Decide on a late entry: an accepted candidate is on the marksheet at once.",
        lists_all="Every late entry asked for, of all centres.",
    )
)
