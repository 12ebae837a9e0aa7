"""How far all centres are, counted when it is asked for."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from services.marks.domain.marking import Mark
from services.marks.domain.paper import Series
from services.marks.domain.statistics import statistics
from services.marks.models import Sheet, Submission
from services.marks.queries.overview import of_series, sheets_of
from shared import clock
from tests.support.service import BOARD, ServiceUnderTest, admin_of
from tests.support.statements import counted
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
PROGRESS = "/api/marks/progress?series=JUNE%202031"


@pytest.fixture(autouse=True)
def _after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 12, 12, tzinfo=UTC))


@pytest.fixture
def papers(marks: ServiceUnderTest) -> tuple[str, str]:
    """One that both centres have, submitted by one; and one with a mark left."""
    first, second = make_paper(marks, code="1111"), make_paper(marks, code="2222")
    make_sheet(marks, first, "0001", "0002", mark=DONE, sample_chosen_by="system")
    make_sheet(marks, first, "0003", mark=Mark(tasks=(0, 4)), clerical_error={"total": 1})
    make_submission(marks, first)
    make_sheet(marks, first, "0001", centre_no=OTHER_CENTRE, mark=DONE)
    make_sheet(marks, second, "0001", mark=DONE, teaching_set="10A")
    make_sheet(marks, second, "0002", "0003", teaching_set="10B")
    make_sheet(marks, make_paper(marks, code="3333", series_year=2032), "0001")
    return first, second


@pytest.mark.usefixtures("papers")
def test_the_centres_of_a_series_are_counted(marks: ServiceUnderTest) -> None:
    counted = get(marks, PROGRESS, BOARD)
    assert counted["as_of"] == "2031-05-12T12:00:00+00:00"
    assert counted["centres"] == [
        {
            "centre_no": CENTRE,
            "papers": 2,
            "submitted": 1,
            "overdue": 1,
            "late": 0,
            "moderated": 0,
            "candidates": 6,
            "left": 2,
            "clerical_errors": 1,
        },
        {
            "centre_no": OTHER_CENTRE,
            "papers": 1,
            "submitted": 0,
            "overdue": 1,
            "late": 0,
            "moderated": 0,
            "candidates": 1,
            "left": 0,
            "clerical_errors": 0,
        },
    ]


def test_a_later_deadline_of_the_centre_counts(
    marks: ServiceUnderTest, papers: tuple[str, str]
) -> None:
    with marks.transaction() as session:
        sheet = session.get_one(Sheet, (CENTRE, papers[1]))
        sheet.extended_until = date(2031, 5, 12)
        session.get_one(Sheet, (CENTRE, papers[0])).moderation = "accepted"
        session.query(Submission).update({"submitted_at": datetime(2031, 5, 11, tzinfo=UTC)})
    counted = get(marks, PROGRESS, BOARD)["centres"][0]
    assert (counted["overdue"], counted["late"], counted["moderated"]) == (0, 1, 1)


def test_as_csv_there_is_a_line_for_each_paper_of_each_centre(
    marks: ServiceUnderTest, papers: tuple[str, str]
) -> None:
    answer = marks.call("GET", f"{PROGRESS}&format=csv", BOARD)
    lines = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert [(line["centre_no"], line["paper_id"]) for line in lines] == [
        (CENTRE, papers[0]),
        (CENTRE, papers[1]),
        (OTHER_CENTRE, papers[0]),
    ]
    assert lines[1]["left"] == "2"


@pytest.mark.parametrize("query", ["", "?series=2031", "?series=JUNE%202031&format=pdf"])
def test_what_is_no_series_is_refused(marks: ServiceUnderTest, query: str) -> None:
    assert marks.call("GET", f"/api/marks/progress{query}", BOARD).status_code == 422


def test_a_paper_tells_when_it_was_submitted_and_how_its_marks_are_spread(
    marks: ServiceUnderTest, papers: tuple[str, str]
) -> None:
    make_submission(marks, papers[0], OTHER_CENTRE)
    counted = get(marks, f"/api/marks/papers/{papers[0]}/progress", BOARD)
    assert counted["days"] == [{"day": "2031-05-09", "submitted": 2}]
    assert [sheet["state"] for sheet in counted["sheets"]] == ["submitted", "submitted"]
    assert counted["marks"] == [
        {"mark": 4, "outcome": None, "candidates": 1, "sampled": 0},
        {"mark": 35, "outcome": None, "candidates": 3, "sampled": 2},
    ]
    assert counted["statistics"]["mean"] == 27.25


def test_who_was_submitted_and_withdrawn_leaves_a_submission(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001", mark=DONE, withdrawn=True)
    make_submission(marks, paper)
    make_sheet(marks, paper, "0002")
    (sheet,) = get(marks, f"/api/marks/papers/{paper}/progress", BOARD)["sheets"]
    assert (sheet["state"], sheet["submitted"], sheet["left"]) == ("reopened", 0, 1)


def test_outcomes_are_counted_and_have_no_mean(marks: ServiceUnderTest) -> None:
    paper = make_paper(marks, tasks=None, outcomes=OUTCOMES)
    for number, outcome in enumerate(("Merit", "Pass", "Merit", "Distinction"), 1):
        make_sheet(marks, paper, f"{number:04}", mark=Mark(tasks=None, outcome=outcome))
    make_submission(marks, paper)
    counted = get(marks, f"/api/marks/papers/{paper}/progress", BOARD)
    told = [(one["outcome"], one["candidates"]) for one in counted["marks"]]
    assert told == [("Pass", 1), ("Merit", 2), ("Distinction", 1)]
    assert counted["statistics"] is None


def test_a_paper_that_is_not_there_has_no_progress(marks: ServiceUnderTest) -> None:
    assert marks.call("GET", "/api/marks/papers/nothing/progress", BOARD).status_code == 404


@pytest.mark.usefixtures("papers")
def test_a_paper_is_read_once_and_not_for_each_sheet(marks: ServiceUnderTest) -> None:
    series = of_series(Series("JUNE", 2031))
    with marks.database.reading() as session, counted(marks.database) as statements:
        assert len(sheets_of(session, *series)) == 3
    of_papers, of_sheets = statements
    assert "FROM papers" in of_papers
    assert "papers" not in of_sheets


def test_the_exams_officer_sees_which_sets_are_behind(
    marks: ServiceUnderTest, papers: tuple[str, str]
) -> None:
    told = get(marks, f"/api/marks/centres/{CENTRE}/progress", admin_of(CENTRE))
    assert [one for one in told["sets"] if one["paper_id"] in papers] == [
        {"paper_id": papers[1], "teaching_set": "10B", "candidates": 2, "done": 0}
    ]


def test_statistics_of_a_known_distribution() -> None:
    found = statistics({2: 1, 4: 3, 5: 2, 7: 1, 9: 1})
    assert found == {
        "candidates": 8,
        "mean": 5.0,
        "deviation": 2.0,
        "lowest": 2,
        "lower_quartile": 4,
        "median": 4,
        "upper_quartile": 5,
        "highest": 9,
    }
    assert statistics({}) is None
