"""HTTP of papers that are not complete yet: for board staff."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.marks.commands.paper_drafts import begin_draft, change_draft, drop_draft
from services.marks.queries.paper_drafts import (
    DraftJson,
    ListedDraftJson,
    draft_json,
    drafts,
    one_draft,
)
from services.marks.routes import ROUTES
from shared.access.rules import BOARD
from shared.web.routes import Call, Json

MOST_FIELDS = 60
# As much as the form of a paper takes.
LONGEST_FIELD = 100_000
MOST_ITEMS = 1000
Name = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
# PostgreSQL looks into no JSON with a NUL.
Text = Annotated[str, Field(max_length=LONGEST_FIELD, pattern=r"^[^\x00]*$")]
Texts = Annotated[list[Text], Field(max_length=MOST_ITEMS)]
Given = Annotated[dict[Name, Text | bool | Texts], Field(max_length=MOST_FIELDS)]


class DraftGiven(BaseModel):
    """What is typed so far: nothing of it is judged before the paper is added."""

    model_config = ConfigDict(strict=True, extra="ignore")

    given: Given


class DraftChanged(DraftGiven):
    """`version` is that of the draft it was made from."""

    version: int


class Drafts(TypedDict):
    drafts: list[ListedDraftJson]
    total: int


@ROUTES.get("/paper-drafts", access=BOARD, returns=Drafts)
def get_drafts(call: Call) -> Json:
    """Papers that are not complete yet."""
    found = drafts(call.session)
    return {"drafts": found, "total": len(found)}


@ROUTES.post("/paper-drafts", access=BOARD, body=DraftGiven, status=201, returns=DraftJson)
def post_draft(call: Call, body: DraftGiven) -> Json:
    """Keep what is typed so far of a paper."""
    return draft_json(begin_draft(call.session, body.given, call.principal))


@ROUTES.get("/paper-drafts/<draft_id>", access=BOARD, returns=DraftJson)
def get_draft(call: Call, draft_id: str) -> Json:
    """A draft, to be gone on with."""
    return one_draft(call.session, draft_id)


@ROUTES.put(
    "/paper-drafts/<draft_id>", access=BOARD, body=DraftChanged, returns=DraftJson, refusals=(409,)
)
def put_draft(call: Call, body: DraftChanged, draft_id: str) -> Json:
    """Put what is typed now in its place."""
    draft = change_draft(call.session, draft_id, body.given, body.version, call.principal)
    return draft_json(draft)


@ROUTES.delete("/paper-drafts/<draft_id>", access=BOARD, status=204)
def delete_draft(call: Call, draft_id: str) -> None:
    """Forget it: nobody but the board has ever seen it."""
    drop_draft(call.session, draft_id)
