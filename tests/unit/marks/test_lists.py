"""The lists a centre, a moderator and the board begin with."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.marks.domain.marking import Mark
from services.marks.models import Sheet
from shared.access.principal import Principal
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    principal,
    teacher_of,
)
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTCOMES,
    get,
    make_paper,
    make_sheet,
    make_submission,
)

DONE = Mark(tasks=(15, 20))
PAPERS = f"/api/marks/centres/{CENTRE}/papers"
COUNTED = ("state", "candidates", "done", "left", "submitted")


def counts(paper: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(paper[name] for name in COUNTED)


def listed(marks: ServiceUnderTest, who: Principal = BOARD) -> list[dict[str, Any]]:
    papers: list[dict[str, Any]] = get(marks, PAPERS, who)["papers"]
    return papers


def codes(marks: ServiceUnderTest, who: Principal) -> list[str]:
    return [paper["code"] for paper in listed(marks, who)]


def test_every_field_of_the_contract_is_there(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", "0002")
    (found,) = listed(marks, admin_of(CENTRE))
    expected = {
        "id": paper,
        "code": "3700U1",
        "title": "ENGLISH LANGUAGE",
        "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
        "qualification": "GCSE",
        "series": {"month": "JUNE", "year": 2031},
        "state": "not_started",
        "candidates": 2,
        "done": 0,
        "left": 2,
        "submitted": 0,
        "upload": "none",
        "marks_deadline": "2031-05-10",
        "sample_deadline": "2031-05-17",
        "evidence_until": "2031-05-31",
        "results_day": "2031-08-21T07:00:00+00:00",
        "results_released": False,
    }
    assert {name: found[name] for name in expected} == expected
    assert get(marks, f"{PAPERS}/{paper}", admin_of(CENTRE)) == found


def test_papers_are_counted_by_state(marks: ServiceUnderTest) -> None:
    made: dict[str, str] = {}
    for state in ("not_started", "under_way", "complete", "submitted", "reopened", "withdrawn"):
        made[state] = make_paper(marks, code=f"C{len(made):03d}", title=state)
    make_sheet(marks, made["not_started"], "0001")
    make_sheet(marks, made["under_way"], "0001", mark=Mark(tasks=(None, 0)))
    make_sheet(marks, made["under_way"], "0002", mark=DONE)
    make_sheet(marks, made["complete"], "0001", mark=Mark(tasks=(None, None), code="A"))
    for state in ("submitted", "reopened"):
        make_sheet(marks, made[state], "0001", "0002", mark=DONE)
        make_submission(marks, made[state])
    make_sheet(marks, made["reopened"], "0003")
    make_sheet(marks, made["withdrawn"], "0001", withdrawn=True)
    found = {paper["title"]: counts(paper) for paper in listed(marks)}
    assert found == {
        "not_started": ("not_started", 1, 0, 1, 0),
        "under_way": ("under_way", 2, 1, 1, 0),
        "complete": ("complete", 1, 1, 0, 0),
        "submitted": ("submitted", 2, 2, 0, 2),
        "reopened": ("reopened", 3, 2, 1, 2),
        "withdrawn": ("not_started", 0, 0, 0, 0),
    }


def test_the_newest_series_comes_first(marks: ServiceUnderTest) -> None:
    papers = [
        {"code": "1111", "series_month": "NOVEMBER", "series_year": 2030},
        {"code": "2222", "series_month": "JUNE", "series_year": 2031, "qualification": "GCSE"},
        {"code": "3333", "series_month": "JUNE", "series_year": 2031, "qualification": "GCE"},
        {"code": "4444", "series_month": "NOVEMBER", "series_year": 2031},
    ]
    for paper in papers:
        make_sheet(marks, make_paper(marks, **paper), "0001")
    assert codes(marks, admin_of(CENTRE)) == ["4444", "3333", "2222", "1111"]


def test_results_are_released_on_their_day(marks: ServiceUnderTest) -> None:
    past = make_paper(marks, results_day=datetime(2020, 8, 20, 7, tzinfo=UTC))
    make_sheet(marks, past, "0001")
    assert listed(marks)[0]["results_released"] is True


def test_a_paper_by_outcome_says_so(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    make_sheet(marks, paper, "0001", mark=Mark(outcome="Merit"))
    (found,) = listed(marks)
    assert (found["tasks"], found["outcomes"], found["maximum"]) == (None, OUTCOMES, None)
    assert found["done"] == 1


def test_a_centre_sees_papers_it_has_entries_for(marks: ServiceUnderTest) -> None:
    own, foreign = make_paper(marks, code="1111"), make_paper(marks, code="2222")
    make_sheet(marks, own, "0001")
    make_sheet(marks, foreign, "0001", "0002", centre_no=OTHER_CENTRE)
    make_sheet(marks, own, "0001", "0002", centre_no=OTHER_CENTRE)
    for who in (admin_of(CENTRE), teacher_of(CENTRE), BOARD):
        (paper,) = listed(marks, who)
        assert (paper["code"], paper["candidates"]) == ("1111", 1)
        assert marks.call("GET", f"{PAPERS}/{foreign}", who).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (admin_of(OTHER_CENTRE), 404),
        (MODERATOR, 404),
        (teacher_of(CENTRE, iamis=False), 403),
    ],
)
def test_others_are_refused(marks: ServiceUnderTest, who: Principal | None, status: int) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001")
    make_submission(marks, paper)
    for path in (PAPERS, f"{PAPERS}/{paper}"):
        assert marks.call("GET", path, who).status_code == status


def test_a_moderator_sees_what_is_allocated_and_submitted(marks: ServiceUnderTest) -> None:
    made = [make_paper(marks, code=f"{number}000") for number in range(1, 5)]
    submitted, waiting, not_allocated, elsewhere = made
    for paper in (submitted, waiting, not_allocated):
        make_sheet(marks, paper, "0001", mark=DONE)
    make_sheet(marks, elsewhere, "0001", "0002", mark=DONE, centre_no=OTHER_CENTRE)
    for paper in (submitted, not_allocated):
        make_submission(marks, paper)
    make_submission(marks, elsewhere, OTHER_CENTRE)
    make_sheet(marks, submitted, "0009")
    make_submission(marks, submitted, number=2)
    marks.allocate(CENTRE, submitted)
    marks.allocate(CENTRE, waiting)
    marks.allocate(OTHER_CENTRE, elsewhere)
    marks.allocate(CENTRE, not_allocated, principal("appointee", user_id="another"))

    assert codes(marks, MODERATOR) == ["1000"]
    statuses = [marks.call("GET", f"{PAPERS}/{paper}", MODERATOR).status_code for paper in made]
    assert statuses == [200, 404, 404, 404]
    answer = get(marks, "/api/marks/allocations", MODERATOR)
    found = [(paper["code"], paper["centre_no"], paper["candidates"]) for paper in answer["papers"]]
    assert found == [("1000", CENTRE, 2), ("4000", OTHER_CENTRE, 2)]
    assert answer["awaiting"] == 1


def test_late_entries_do_not_count_for_a_moderator(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=DONE)
    make_submission(marks, paper)
    make_sheet(marks, paper, "0011")
    marks.allocate(CENTRE, paper)
    one = f"{PAPERS}/{paper}"
    told = [
        *listed(marks, MODERATOR),
        *get(marks, "/api/marks/allocations", MODERATOR)["papers"],
        get(marks, one, MODERATOR),
        get(marks, f"{one}/marksheet", MODERATOR)["paper"],
    ]
    assert [counts(found) for found in told] == [("submitted", 1, 1, 0, 1)] * 4
    assert counts(get(marks, one, admin_of(CENTRE))) == ("reopened", 2, 1, 1, 1)


def test_a_moderator_reads_the_deadline_of_the_centre(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=DONE)
    make_submission(marks, paper)
    marks.allocate(CENTRE, paper)
    with marks.transaction() as session:
        session.get_one(Sheet, (CENTRE, paper)).extended_until = date(2031, 5, 20)
    (allocated,) = get(marks, "/api/marks/allocations", MODERATOR)["papers"]
    assert (allocated["marks_deadline"], allocated["extended"]) == ("2031-05-20", True)
    alone = get(marks, f"{PAPERS}/{paper}", MODERATOR)
    assert {**alone, "centre_no": CENTRE} == allocated


def test_nothing_is_allocated_to_a_new_moderator(marks: ServiceUnderTest) -> None:
    nothing = {"papers": [], "awaiting": 0}
    assert get(marks, "/api/marks/allocations", MODERATOR) == nothing
    for who in (BOARD, admin_of(CENTRE)):
        assert marks.call("GET", "/api/marks/allocations", who).status_code == 403


def test_the_board_sees_every_centre(marks: ServiceUnderTest) -> None:
    first, second = make_paper(marks, code="1111"), make_paper(marks, code="2222")
    make_sheet(marks, first, "0001", mark=DONE)
    make_sheet(marks, second, "0001", mark=DONE)
    make_sheet(marks, second, "0001", centre_no=OTHER_CENTRE)
    make_submission(marks, first)
    make_sheet(marks, first, "0002", mark=DONE)
    make_submission(marks, first, number=2)
    assert get(marks, "/api/marks/centres", BOARD) == {
        "centres": [
            {"centre_no": CENTRE, "papers": 2, "submitted": 1},
            {"centre_no": OTHER_CENTRE, "papers": 1, "submitted": 0},
        ],
        "total": 2,
    }
