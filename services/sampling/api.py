"""HTTP: the sample, what the centre adds, what the moderator or the board asks for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.sampling.access import CENTRE, MODERATION, READERS
from services.sampling.commands import Addition, add_to_sample
from services.sampling.queries import SampleJson, sample_of
from shared.web.fields import Day
from shared.web.routes import Call, Json, Routes

ROUTES = Routes("sampling")
SAMPLE = "/centres/<centre_no>/papers/<paper_id>/sample"
MOST_CANDIDATES = 2000
LONGEST_NOTE = 2000


CandidateNo = Annotated[str, StringConstraints(pattern="^[0-9]{4}$")]
# PostgreSQL stores no NUL.
NoteText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=LONGEST_NOTE, pattern=r"^[^\x00]*$"
    ),
]


class AddCandidates(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    candidate_nos: Annotated[list[CandidateNo], Field(min_length=1, max_length=MOST_CANDIDATES)]
    note: NoteText


class RequestCandidates(AddCandidates):
    """`due` is the last day on which the centre can send the work; today is allowed."""

    due: Day


@ROUTES.get(SAMPLE, access=READERS, returns=SampleJson)
def get_sample(call: Call, centre_no: str, paper_id: str) -> Json:
    """The sample of a centre's paper, and why each candidate is in it."""
    return sample_of(call.session, centre_no, paper_id)


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
    return sample_of(call.session, centre_no, paper_id)


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
    addition = Addition(body.candidate_nos, body.note, body.due)
    add_to_sample(call.session, call.principal, centre_no, paper_id, addition)
    return sample_of(call.session, centre_no, paper_id)
