"""HTTP: the sample, what the centre adds, what the moderator or the board asks for."""

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from services.sampling.access import CENTRE, MODERATION, READERS
from services.sampling.api.table import ROUTES
from services.sampling.commands import Addition, add_to_sample
from services.sampling.queries import SampleJson, sample_of
from services.sampling.queries.timeline import TimelineJson, timeline
from shared import clock
from shared.access.teaching_sets import candidates_of
from shared.web.fields import Day, prose
from shared.web.routes import Call, Json
from shared.working_days import LONGEST, add_working_days

SAMPLE = "/centres/<centre_no>/papers/<paper_id>/sample"
MOST_CANDIDATES = 2000
LONGEST_NOTE = 2000


CandidateNo = Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
NoteText = Annotated[str, prose(LONGEST_NOTE)]


class AddCandidates(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    candidate_nos: Annotated[list[CandidateNo], Field(min_length=1, max_length=MOST_CANDIDATES)]
    note: NoteText


class RequestCandidates(AddCandidates):
    """`due` is the last day on which the centre can send the work; today is allowed.

    Instead of it `working_days` may be given: so many after today, without weekends and bank
    holidays of Wales and England.
    """

    working_days: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    due: Annotated[Day | None, Field(validate_default=True)] = None

    @field_validator("due")
    @classmethod
    def _one_of_both(cls, due: date | None, given: ValidationInfo) -> date | None:
        if (due is None) == (given.data.get("working_days") is None):
            raise PydanticCustomError(
                "missing" if due is None else "both", "exactly one of due and working_days"
            )
        return due

    @property
    def last_day(self) -> date:
        """The day it is due, however that was said."""
        return self.due or add_working_days(clock.today(), self.working_days or 0)


def _seen(call: Call, centre_no: str, paper_id: str) -> Json:
    there = candidates_of(call.session, call.principal, centre_no, paper_id)
    return sample_of(call.session, centre_no, paper_id, there)


@ROUTES.get(SAMPLE, access=READERS, returns=SampleJson)
def get_sample(call: Call, centre_no: str, paper_id: str) -> Json:
    """The sample of a centre's paper, and why each candidate is in it."""
    return _seen(call, centre_no, paper_id)


@ROUTES.get(f"{SAMPLE}/timeline", access=READERS, returns=TimelineJson)
def get_timeline(call: Call, centre_no: str, paper_id: str) -> Json:
    """What happened to the sample, when, by whom and why."""
    there = candidates_of(call.session, call.principal, centre_no, paper_id)
    return timeline(call.session, centre_no, paper_id, call.principal.kind, there)


@ROUTES.post(
    f"{SAMPLE}/additions",
    access=CENTRE,
    body=AddCandidates,
    status=201,
    returns=SampleJson,
    refusals=(409,),
)
def add_candidates(call: Call, body: AddCandidates, centre_no: str, paper_id: str) -> Json:
    """Add candidates to the sample, with a note to the moderator."""
    addition = Addition(body.candidate_nos, body.note)
    add_to_sample(call.session, call.principal, centre_no, paper_id, addition)
    return _seen(call, centre_no, paper_id)


@ROUTES.post(
    f"{SAMPLE}/further-requests",
    access=MODERATION,
    body=RequestCandidates,
    status=201,
    returns=SampleJson,
    refusals=(409,),
)
def request_candidates(call: Call, body: RequestCandidates, centre_no: str, paper_id: str) -> Json:
    """Ask the centre for the work of further candidates by a day."""
    addition = Addition(body.candidate_nos, body.note, body.last_day)
    add_to_sample(call.session, call.principal, centre_no, paper_id, addition)
    return _seen(call, centre_no, paper_id)
