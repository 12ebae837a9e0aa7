"""What the contract says of every refusal: RFC 9457, and what is wrong by its pointer."""

from typing import Any

from tests.support.api import Answer

PROBLEM = "application/problem+json"


def refused(answer: Answer, status: int, *pointers: str) -> dict[str, Any]:
    """The problem that was answered; each of `pointers` is named by one of its errors."""
    problem: dict[str, Any] = answer.expect(status)
    assert answer.headers["Content-Type"].partition(";")[0] == PROBLEM
    assert problem["status"] == status
    for name in ("type", "title", "detail"):
        assert isinstance(problem[name], str), problem
        assert problem[name], problem
    errors = problem.get("errors", [])
    assert all(error["detail"] for error in errors), problem
    assert {*pointers} <= {error["pointer"] for error in errors}, problem
    return problem
