"""The marksheet: which candidates, in which order, and what is told of each."""

import json
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.domain.text import initials_of
from services.marks.queries.marksheet import View, read_marksheet
from shared.folding import folded
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, teacher_of
from tests.support.statements import counted
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    TASKS,
    make_paper,
    make_sheet,
    make_submission,
)
from tests.unit.marks.sheets import ADMIN, get, pointers, put, read, sheet_path

NAMES = {
    "0001": ("O'Neill-Ŵyn", "Siân"),
    "0002": ("Zebedee", "Ann"),
    "0003": ("Åberg", "Bo"),
    "0004": ("Aberg", "Al"),
    "0005": ("100%_Sure", "Jo"),
}


@pytest.fixture
def paper(marks: ServiceUnderTest) -> str:
    paper = make_paper(marks, initials_required=True)
    values = {
        "0001": Mark(tasks=(15, 20), initials="AB"),
        "0002": Mark(tasks=(40, 40), initials="AB"),
        "0003": Mark(tasks=(None, None), code="A"),
        "0004": Mark(tasks=(3, None)),
        "0005": Mark(tasks=(20, 15)),
    }
    for number, (surname, forenames) in NAMES.items():
        make_sheet(
            marks,
            paper,
            number,
            mark=values[number],
            surname=surname,
            forenames=forenames,
            surname_key=folded(surname),
        )
    make_sheet(marks, paper, "0006", withdrawn=True)
    make_sheet(marks, paper, "0007", centre_no=OTHER_CENTRE)
    return paper


def numbers(sheet: Any) -> list[str]:
    return [line["candidate_no"] for line in sheet["candidates"]]


def test_a_line_tells_all_of_a_candidate(marks: ServiceUnderTest, paper: str) -> None:
    assert read(marks, paper)["candidates"][0] == {
        "candidate_no": "0001",
        "name": "O'Neill-Ŵyn : Siân",
        "surname": "O'Neill-Ŵyn",
        "forenames": "Siân",
        "teaching_set": "",
        "tasks": [15, 20],
        "code": None,
        "outcome": None,
        "total": 35,
        "effective_total": 35,
        "initials": "AB",
        "complete": True,
        "version": 0,
        "withdrawn": False,
        "locked": False,
        "submission": None,
        "sample": None,
        "clerical_error": None,
        "moderated": None,
    }


def test_the_sheet_tells_of_its_paper(marks: ServiceUnderTest, paper: str) -> None:
    sheet = read(marks, paper)
    assert sheet["tasks"] == TASKS
    told = {name: sheet["paper"][name] for name in ("id", "state", "candidates", "done", "left")}
    assert told == {"id": paper, "state": "under_way", "candidates": 5, "done": 3, "left": 2}
    assert (sheet["page"], sheet["rows"], sheet["total"]) == (1, 20, 5)
    assert (sheet["cursor"], sheet["sample_generated"]) == ("0", False)


def test_a_paper_by_outcome_has_no_tasks(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001", mark=Mark(outcome="Merit"))
    sheet = read(marks, paper)
    assert (sheet["tasks"], sheet["paper"]["outcomes"]) == ([], OUTCOMES)
    line = sheet["candidates"][0]
    assert (line["tasks"], line["outcome"], line["total"]) == (None, "Merit", None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["0001", "0002", "0003", "0004", "0005"]),
        ({"show": "all"}, ["0001", "0002", "0003", "0004", "0005"]),
        # Initials are missing of 0005: what is not complete blocks the submission.
        ({"show": "unmarked"}, ["0004", "0005"]),
        ({"show": "marked"}, ["0001", "0002", "0003"]),
        ({"show": "samples"}, []),
        ({"sort": "name"}, ["0005", "0004", "0003", "0001", "0002"]),
        ({"sort": "mark"}, ["0002", "0001", "0005", "0003", "0004"]),
        ({"sort": "mark", "show": "marked"}, ["0002", "0001", "0003"]),
        ({"search": "ŵYN"}, ["0001"]),
        ({"search": "o\N{RIGHT SINGLE QUOTATION MARK}neill"}, ["0001"]),
        ({"search": "ABERG"}, ["0003", "0004"]),
        ({"search": "%"}, ["0005"]),
        ({"search": "_"}, ["0005"]),
        ({"search": "/"}, []),
        ({"search": "Siân"}, []),
        ({"search": "ze\0bedee"}, ["0002"]),
        ({"search": "", "show": "", "rows": "", "changed_since": ""}, list(NAMES)),
        ({"rows": "2"}, ["0001", "0002"]),
        ({"rows": "2", "page": "3"}, ["0005"]),
        ({"rows": "2", "page": "4"}, []),
        ({"rows": "all"}, ["0001", "0002", "0003", "0004", "0005"]),
        ({"rows": "all", "page": "2"}, []),
        ({"page": "9" * 30}, []),
    ],
)
def test_what_is_asked_for_is_shown(
    marks: ServiceUnderTest, paper: str, query: dict[str, str], expected: list[str]
) -> None:
    assert numbers(read(marks, paper, **query)) == expected


def test_the_total_is_counted_after_the_filters(marks: ServiceUnderTest, paper: str) -> None:
    sheet = read(marks, paper, search="berg", rows=1)
    assert (sheet["total"], len(sheet["candidates"]), sheet["rows"]) == (2, 1, 1)
    assert read(marks, paper, rows="all")["rows"] == "all"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("show", "some"),
        ("sort", "surname"),
        ("rows", "0"),
        ("rows", "2001"),
        ("rows", "-1"),
        ("rows", "many"),
        ("page", "0"),
        ("page", "x"),
        ("changed_since", "garbage"),
        ("changed_since", "-1"),
        ("changed_since", "9" * 30),
        ("search", "x" * 201),
    ],
)
def test_a_query_that_cannot_be_is_refused(
    marks: ServiceUnderTest, paper: str, name: str, value: str
) -> None:
    response = marks.call("GET", sheet_path(paper), ADMIN, query_string={name: value})
    assert (response.status_code, pointers(response)) == (422, [f"/{name}"])


def test_changed_since_gives_only_rows_changed_since_the_cursor(
    marks: ServiceUnderTest, paper: str
) -> None:
    start = read(marks, paper)["cursor"]
    assert numbers(read(marks, paper, changed_since=start)) == []
    put(marks, paper, "0004", {"tasks": [3, 4]})
    middle = read(marks, paper, changed_since=start)
    put(marks, paper, "0002", {"tasks": [1, 2]})
    assert (numbers(middle), middle["total"]) == (["0004"], 1)
    assert numbers(read(marks, paper, changed_since=middle["cursor"])) == ["0002"]
    assert numbers(read(marks, paper, changed_since=start)) == ["0002", "0004"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (ADMIN, 200),
        (teacher_of(CENTRE), 200),
        (teacher_of(CENTRE, iamis=False), 403),
        (admin_of(OTHER_CENTRE), 404),
        (BOARD, 200),
        (MODERATOR, 404),
        (None, 401),
    ],
)
def test_who_may_read_a_marksheet(
    marks: ServiceUnderTest, paper: str, who: Any, status: int
) -> None:
    assert marks.call("GET", sheet_path(paper), who).status_code == status


def test_a_moderator_reads_the_sheet_once_it_is_submitted(
    marks: ServiceUnderTest, paper: str
) -> None:
    marks.allocate(CENTRE, paper)
    assert marks.call("GET", sheet_path(paper), MODERATOR).status_code == 404
    make_submission(marks, paper)
    assert get(marks, sheet_path(paper), MODERATOR)["candidates"][0]["locked"] is True


def test_a_teaching_set_is_picked_and_ones_own_come_first(
    marks: ServiceUnderTest, paper: str
) -> None:
    make_sheet(marks, paper, "0011", "0012", teaching_set="10A")
    make_sheet(marks, paper, "0021", teaching_set="10B")
    make_sheet(marks, paper, "0031", teaching_set="10C", withdrawn=True)
    teacher = teacher_of(CENTRE)
    assert put(marks, paper, "0021", {"tasks": [1, 2]}, as_=teacher).status_code == 200
    sheet = read(marks, paper, teaching_set="10A")
    assert numbers(sheet) == ["0011", "0012"]
    assert sheet["teaching_sets"] == [
        {"name": "10A", "mine": False},
        {"name": "10B", "mine": False},
    ]
    assert get(marks, sheet_path(paper), teacher)["teaching_sets"] == [
        {"name": "10B", "mine": True},
        {"name": "10A", "mine": False},
    ]
    assert read(marks, paper, changed_since=0)["teaching_sets"] == []
    assert numbers(read(marks, paper, teaching_set="10Z")) == []


def test_sets_with_the_initials_of_the_reader_are_their_own(
    marks: ServiceUnderTest, paper: str
) -> None:
    make_sheet(marks, paper, "0011", teaching_set="10A")
    make_sheet(marks, paper, "0021", teaching_set="10B", initials=initials_of(ADMIN.name))
    first, second = read(marks, paper)["teaching_sets"]
    assert (first, second) == ({"name": "10B", "mine": True}, {"name": "10A", "mine": False})


def test_two_thousand_candidates_come_in_six_statements(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, *(f"{number:04}" for number in range(1, 2001)))
    with marks.database.reading() as session, counted(marks.database) as statements:
        sheet = read_marksheet(session, CENTRE, paper, View(rows=2000))
    assert (len(sheet["candidates"]), sheet["total"]) == (2000, 2000)
    assert len(statements) <= 6, statements


def test_the_shapes_are_described(marks: ServiceUnderTest) -> None:
    described = marks.call("GET", "/api/marks/openapi.json")
    assert described.status_code == 200
    assert described.json is not None
    path = "/api/marks/centres/{centre_no}/papers/{paper_id}/marksheet"
    assert set(described.json["paths"][path]) == {"get", "patch"}
    assert "marks.CandidateJson" in described.json["components"]["schemas"]


def test_a_moderator_sees_submitted_candidates_only(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001")
    make_submission(marks, paper)
    make_sheet(marks, paper, "0002")
    marks.allocate(CENTRE, paper)
    path = f"/api/marks/centres/{CENTRE}/papers/{paper}"
    seen = json.loads(marks.call("GET", f"{path}/marksheet", MODERATOR).data)
    assert [one["candidate_no"] for one in seen["candidates"]] == ["0001"]
    assert seen["total"] == 1
    assert marks.call("GET", f"{path}/candidates/0001/history", MODERATOR).status_code == 200
    assert marks.call("GET", f"{path}/candidates/0002/history", MODERATOR).status_code == 404
    assert marks.call("GET", f"{path}/submission", MODERATOR).status_code == 403
    both = json.loads(marks.call("GET", f"{path}/marksheet", ADMIN).data)
    assert both["total"] == 2


def test_a_moderator_learns_nothing_of_late_entries(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", teaching_set="10A")
    make_submission(marks, paper)
    make_sheet(marks, paper, "0011", teaching_set="10B")
    make_sheet(marks, paper, "0012", withdrawn=True, changed=1)
    marks.allocate(CENTRE, paper)
    path = sheet_path(paper)
    sets = get(marks, path, MODERATOR)["teaching_sets"]
    assert [found["name"] for found in sets] == ["10A"]
    assert get(marks, path, MODERATOR, changed_since=0)["withdrawn"] == []
    assert read(marks, paper, changed_since=0)["withdrawn"] == ["0012"]
