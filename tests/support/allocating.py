"""Allocating a moderator to a sheet."""

from http import HTTPStatus

from tests.support.api import Api
from tests.support.waiting import wait_for

ALLOCATIONS = "/api/identity/allocations"


def allocate(board: Api, moderator: str, centre_no: str, paper_id: str) -> None:
    """By the moderator's email, as soon as identity knows the paper: until then it is unknown."""
    asked = {"email": moderator, "centre_no": centre_no, "paper_id": paper_id}

    def is_known() -> bool:
        answer = board.post(ALLOCATIONS, asked)
        if answer.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            return False
        answer.expect(HTTPStatus.CREATED)
        return True

    wait_for("identity knows the paper", is_known)
