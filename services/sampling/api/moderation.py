"""HTTP of moderation: the moderator's marks, the outcome, and the board's decision on it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema
from typing_extensions import TypedDict

from services.sampling.access import BOARD_OF_SHEET, MODERATIONS, MODERATOR, OUTCOME, PREVIEW
from services.sampling.api.table import ROUTES
from services.sampling.commands.moderating import SavingJson, save_marks, set_blind
from services.sampling.commands.outcomes import complete, decide
from services.sampling.domain.moderation import Outcome
from services.sampling.queries.moderation import ModerationState, OutcomeName
from services.sampling.queries.shown import (
    ModerationJson,
    PreviewJson,
    moderation_json,
    preview_json,
)
from services.sampling.queries.work_lists import ModeratedSheet, moderations
from shared.web.fields import MOST_ROWS
from shared.web.routes import Call, Json, Reply

PATH = "/centres/<centre_no>/papers/<paper_id>/moderation"
LONGEST_COMMENT = 2000

_MARK = {"type": ["integer", "null"], "minimum": 0}
_ROW = {
    "type": "object",
    "required": ["candidate_no"],
    "properties": {
        "candidate_no": {"type": "string", "pattern": "^[0-9]{4}$"},
        "tasks": {"type": ["array", "null"], "items": _MARK},
        "total": _MARK,
        "outcome": {"type": ["string", "null"]},
        "clear": {"enum": [True, None]},
        "comment": {"type": ["string", "null"]},
        "version": _MARK,
    },
}
Row = Annotated[Any, WithJsonSchema(_ROW)]
Comment = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_COMMENT, pattern=r"^[^\x00]*$")
]


class SaveModeratorMarks(BaseModel):
    """The rows: of each exactly one of tasks, total, outcome and clear."""

    model_config = ConfigDict(extra="ignore")

    candidates: Annotated[list[Row], Field(max_length=MOST_ROWS)]


class SetBlind(BaseModel):
    """Whether the centre's marks are hidden until the moderator's own are saved."""

    model_config = ConfigDict(strict=True, extra="ignore")

    blind: bool


class CompleteModeration(BaseModel):
    model_config = ConfigDict(extra="ignore")

    outcome: OutcomeName
    comment: Comment = ""


class DecideModeration(BaseModel):
    """What is returned to the moderator needs a comment."""

    model_config = ConfigDict(extra="ignore")

    decision: Literal["approved", "returned"]
    comment: Comment = ""


class PreviewQuery(BaseModel):
    model_config = ConfigDict(extra="ignore")

    outcome: OutcomeName | None = None


class ListQuery(BaseModel):
    model_config = ConfigDict(extra="ignore")

    state: ModerationState | None = None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    rows: Annotated[int, Field(ge=1, le=500)] = 100


class ModerationsJson(TypedDict):
    moderations: list[ModeratedSheet]
    total: int
    page: int
    rows: int


@ROUTES.get("/moderations", access=MODERATIONS, query=ListQuery, returns=ModerationsJson)
def get_moderations(call: Call, query: ListQuery) -> Json:
    """A moderator's submitted sheets with what awaits them; for the board everybody's."""
    listed, total = moderations(call.session, call.principal, query.state, query.page, query.rows)
    return {"moderations": listed, "total": total, "page": query.page, "rows": query.rows}


@ROUTES.get(PATH, access=OUTCOME, returns=ModerationJson)
def get_moderation(call: Call, centre_no: str, paper_id: str) -> Json:
    """The moderation of a sheet; for the centre it is not there before results day."""
    return _shown(call, centre_no, paper_id)


@ROUTES.patch(PATH, access=MODERATOR, body=SetBlind, returns=ModerationJson, refusals=(409,))
def patch_moderation(call: Call, body: SetBlind, centre_no: str, paper_id: str) -> Json:
    """Mark blind, or no longer."""
    set_blind(call.session, centre_no, paper_id, blind=body.blind)
    return _shown(call, centre_no, paper_id)


@ROUTES.patch(
    f"{PATH}/marks", access=MODERATOR, body=SaveModeratorMarks, returns=SavingJson, refusals=(409,)
)
def patch_moderator_marks(
    call: Call, body: SaveModeratorMarks, centre_no: str, paper_id: str
) -> Json:
    """Save the moderator's marks of sampled candidates."""
    return save_marks(call.session, call.principal, (centre_no, paper_id), body.candidates)


@ROUTES.get(f"{PATH}/preview", access=PREVIEW, query=PreviewQuery, returns=PreviewJson)
def get_preview(call: Call, query: PreviewQuery, centre_no: str, paper_id: str) -> Json:
    """Every candidate's mark under an outcome; without one, under one that changes marks."""
    asked = Outcome(query.outcome) if query.outcome else None
    return preview_json(call.session, centre_no, paper_id, asked)


@ROUTES.post(
    f"{PATH}/completion",
    access=MODERATOR,
    body=CompleteModeration,
    status=201,
    returns=ModerationJson,
    refusals=(409,),
)
def post_completion(call: Call, body: CompleteModeration, centre_no: str, paper_id: str) -> Json:
    """Complete the moderation with an outcome, for the board to decide on."""
    key, outcome = (centre_no, paper_id), Outcome(body.outcome)
    complete(call.session, call.principal, key, outcome, body.comment)
    return _shown(call, centre_no, paper_id)


@ROUTES.post(
    f"{PATH}/decision",
    access=BOARD_OF_SHEET,
    body=DecideModeration,
    status=201,
    also=(200,),
    returns=ModerationJson,
    refusals=(409,),
)
def post_decision(call: Call, body: DecideModeration, centre_no: str, paper_id: str) -> Reply:
    """Approve the outcome, or give it back; what was approved before is answered with 200."""
    key, approved = (centre_no, paper_id), body.decision == "approved"
    is_new = decide(call.session, call.principal, key, approved=approved, comment=body.comment)
    return Reply(_shown(call, centre_no, paper_id), status=201 if is_new else 200)


def _shown(call: Call, centre_no: str, paper_id: str) -> Json:
    call.session.flush()
    return moderation_json(call.session, centre_no, paper_id, call.principal.kind)
