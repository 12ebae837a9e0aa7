"""Papers that are not complete yet: kept as typed, gone on with, added, dropped."""

from typing import Any

import pytest

from services.gateway import paper_form
from services.marks.models import Paper
from tests.support.api import paper as whole_paper
from tests.support.service import BOARD, ServiceUnderTest, rows_of
from tests.unit.marks.builders import get

DRAFTS = "/api/marks/paper-drafts"
TYPED = {"title": "WELSH", "code": "", "linear": True, "linked": ["p2"]}


def begin(marks: ServiceUnderTest, given: object) -> Any:
    return marks.call("POST", DRAFTS, BOARD, json={"given": given})


def change(marks: ServiceUnderTest, draft: Any, given: object, version: object) -> Any:
    body = {"given": given, "version": version}
    return marks.call("PUT", f"{DRAFTS}/{draft['id']}", BOARD, json=body)


def test_a_draft_is_kept_as_it_was_typed(marks: ServiceUnderTest) -> None:
    answer = begin(marks, TYPED)
    assert answer.status_code == 201
    draft = answer.json
    assert (draft["given"], draft["version"], draft["by"]) == (TYPED, 1, BOARD.name)
    later = change(marks, draft, TYPED | {"code": "3700U1"}, 1).json
    assert get(marks, f"{DRAFTS}/{draft['id']}", BOARD) == later
    assert (later["given"]["code"], later["version"]) == ("3700U1", 2)
    # Nobody is told of a paper that there is not yet.
    assert marks.emitted() == []


def test_drafts_are_listed_without_all_that_was_typed(marks: ServiceUnderTest) -> None:
    typed = [TYPED | {"code": "3700U1"}, {}, {"title": True, "code": ["x"]}]
    begun = [begin(marks, given).json for given in typed]
    listed = get(marks, DRAFTS, BOARD)
    assert listed["total"] == 3
    newest, blank, first = listed["drafts"]
    assert [newest["id"], blank["id"], first["id"]] == [one["id"] for one in reversed(begun)]
    assert first == {"id": first["id"], "code": "3700U1", "title": "WELSH"} | {
        name: begun[0][name] for name in ("by", "at")
    }
    assert (blank["code"], blank["title"], newest["code"]) == ("", "", '["x"]')


def test_what_a_colleague_typed_meanwhile_is_not_overwritten(marks: ServiceUnderTest) -> None:
    draft = begin(marks, TYPED).json
    change(marks, draft, {"title": "THEIRS"}, 1)
    answer = change(marks, draft, {"title": "MINE"}, 1)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:iamis:problem:stale-version")
    assert answer.json["current"]["given"] == {"title": "THEIRS"}
    assert get(marks, f"{DRAFTS}/{draft['id']}", BOARD)["given"] == {"title": "THEIRS"}


@pytest.mark.parametrize(
    "given",
    [
        None,
        [],
        {"Title": "x"},
        {"title": 1},
        {"title": "x" * 100_001},
        {"title": "a\0b"},
        {"linked": [1]},
    ],
)
def test_what_no_form_sends_is_refused(marks: ServiceUnderTest, given: object) -> None:
    assert begin(marks, given).status_code == 422
    assert get(marks, DRAFTS, BOARD)["total"] == 0


def test_as_much_is_kept_as_the_form_takes(marks: ServiceUnderTest) -> None:
    assert begin(marks, {"consortia": "x" * paper_form.LONGEST}).status_code == 201


def test_an_added_paper_takes_its_draft_with_it(marks: ServiceUnderTest) -> None:
    draft = begin(marks, TYPED).json
    body = whole_paper("3700U1") | {"draft": draft["id"], "draft_version": 1}
    refused = marks.call("POST", "/api/marks/papers", BOARD, json=body | {"title": ""})
    assert (refused.status_code, get(marks, DRAFTS, BOARD)["total"]) == (422, 1)
    assert marks.call("POST", "/api/marks/papers", BOARD, json=body).status_code == 201
    assert get(marks, DRAFTS, BOARD)["total"] == 0
    with marks.transaction() as session:
        assert [one.code for one in rows_of(session, Paper)] == ["3700U1"]


@pytest.mark.parametrize("version", [{}, {"draft_version": 1}], ids=["without", "an old one"])
def test_what_a_colleague_typed_meanwhile_is_not_dropped(
    marks: ServiceUnderTest, version: dict[str, int]
) -> None:
    draft = begin(marks, TYPED).json
    change(marks, draft, {"title": "THEIRS"}, 1)
    body = whole_paper("3700U1") | {"draft": draft["id"]} | version
    answer: Any = marks.call("POST", "/api/marks/papers", BOARD, json=body)
    assert (answer.status_code, answer.json["type"]) == (409, "urn:iamis:problem:stale-version")
    assert answer.json["current"]["given"] == {"title": "THEIRS"}
    assert get(marks, f"{DRAFTS}/{draft['id']}", BOARD)["given"] == {"title": "THEIRS"}
    with marks.transaction() as session:
        assert rows_of(session, Paper) == []


def test_a_draft_is_dropped(marks: ServiceUnderTest) -> None:
    draft = begin(marks, TYPED).json
    for _each in range(2):
        assert marks.call("DELETE", f"{DRAFTS}/{draft['id']}", BOARD).status_code == 204
    assert marks.call("GET", f"{DRAFTS}/{draft['id']}", BOARD).status_code == 404
    assert change(marks, draft, TYPED, 1).status_code == 404
