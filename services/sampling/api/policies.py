"""HTTP of the sampling policies: what there is, and what each would choose."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from services.sampling.api.table import ROUTES
from services.sampling.policies import POLICIES
from services.sampling.queries.previewing import (
    PoliciesJson,
    PolicyPreviewJson,
    policies_json,
    preview_of_marks,
    preview_of_sheet,
)
from shared.access.rules import BOARD
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _
from shared.web.fields import CentreNo, PaperId
from shared.web.routes import Call, Json

MOST_MARKS = 2000
HIGHEST = 1000
Marks = Annotated[
    list[Annotated[int, Field(ge=0, le=HIGHEST)]], Field(min_length=1, max_length=MOST_MARKS)
]


class PreviewPolicy(BaseModel):
    """A policy, and either marks or a submitted sheet."""

    model_config = ConfigDict(strict=True, extra="ignore")

    policy: str
    marks: Marks | None = None
    centre_no: CentreNo | None = None
    paper_id: PaperId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        named = [self.centre_no is not None, self.paper_id is not None]
        if any(named) != all(named) or all(named) == (self.marks is not None):
            raise PydanticCustomError("source", "marks, or centre_no and paper_id")
        return self


@ROUTES.get("/policies", access=BOARD, returns=PoliciesJson)
def get_policies(_call: Call) -> Json:
    """The policies that a paper can name, each with its table of sizes."""
    return policies_json(POLICIES)


@ROUTES.post("/policies/preview", access=BOARD, body=PreviewPolicy, returns=PolicyPreviewJson)
def post_policy_preview(call: Call, body: PreviewPolicy) -> Json:
    """What the policy would choose of these marks, or of those of a submitted sheet."""
    policy = POLICIES.get(body.policy)
    if policy is None:
        said = _("There is no such sampling policy.")
        raise UnprocessableError(said, errors=[FieldError("/policy", said)])
    if body.marks is not None:
        return preview_of_marks(policy, body.marks)
    return preview_of_sheet(call.session, policy, body.centre_no or "", body.paper_id or "")
