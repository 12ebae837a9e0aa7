"""Letting a person set up another authenticator app."""

from pydantic import BaseModel, Field

from services.identity import queries
from services.identity.access import BOARD, MANAGE_USERS
from services.identity.api.fields import STRICT, Text
from services.identity.api.table import ROUTES
from services.identity.commands import second_factor
from shared.access.rules import not_found
from shared.web.routes import Call


class ResetSecondFactor(BaseModel):
    """Whose, by email."""

    model_config = STRICT
    email: Text = Field(max_length=320)


@ROUTES.delete(
    "/centres/<centre_no>/users/<user_id>/second-factor",
    access=MANAGE_USERS,
    status=204,
    refusals=(409,),
)
def reset_second_factor_of_centre(call: Call, centre_no: str, user_id: str) -> None:
    """Forget the authenticator app of a person of the centre: the next sign-in sets one up."""
    second_factor.reset_of_centre(call.session, call.principal, centre_no, user_id)


@ROUTES.post(
    "/second-factor-resets", access=BOARD, body=ResetSecondFactor, status=204, refusals=(404,)
)
def reset_second_factor(call: Call, body: ResetSecondFactor) -> None:
    """Forget the authenticator app of anybody: for appointees and board staff."""
    user = queries.user_by_email(call.session, body.email)
    if user is None:
        raise not_found()
    second_factor.reset(call.session, call.principal, user.id)
