"""What the tests of marksheets share: paths, requests, threads that start together."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from werkzeug.test import TestResponse

from shared.access.principal import Principal
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.marks.builders import CENTRE

ADMIN = admin_of(CENTRE)
DECLARED = {
    "declarations": {"authenticated": True, "standardised": True, "candidates_informed": True}
}


def sheet_path(paper: str, rest: str = "marksheet", centre_no: str = CENTRE) -> str:
    return f"/api/marks/centres/{centre_no}/papers/{paper}/{rest}"


def put(
    marks: ServiceUnderTest, paper: str, number: str, body: object, as_: Principal = ADMIN
) -> TestResponse:
    return marks.call("PUT", sheet_path(paper, f"candidates/{number}"), as_, json=body)


def submit(marks: ServiceUnderTest, paper: str, body: object = None) -> TestResponse:
    return marks.call("POST", sheet_path(paper, "submission"), ADMIN, json=body or DECLARED)


def get(marks: ServiceUnderTest, path: str, as_: Principal = ADMIN, **query: object) -> Any:
    response = marks.call("GET", path, as_, query_string=query)
    assert response.status_code == 200, response.text
    return response.json


def read(marks: ServiceUnderTest, paper: str, **query: object) -> Any:
    return get(marks, sheet_path(paper), ADMIN, **query)


def line_of(marks: ServiceUnderTest, paper: str, number: str) -> Any:
    found = read(marks, paper, rows="all")["candidates"]
    return next(line for line in found if line["candidate_no"] == number)


def history(marks: ServiceUnderTest, paper: str, number: str) -> Any:
    return get(marks, sheet_path(paper, f"candidates/{number}/history"))["changes"]


def pointers(response: TestResponse) -> list[str]:
    assert response.json is not None
    return [error["pointer"] for error in response.json["errors"]]


def at_once(count: int, act: Callable[[int], TestResponse]) -> list[TestResponse]:
    """The answers of `count` threads that start together."""
    gate = threading.Barrier(count)

    def run(number: int) -> TestResponse:
        gate.wait(timeout=30)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
