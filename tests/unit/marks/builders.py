"""Papers and candidates for the tests of marks, put straight into the tables."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.marks.domain.marking import Mark, complete
from services.marks.domain.paper import NOT_CLASSIFIED
from services.marks.domain.sheet import standing
from services.marks.models import Candidate, Paper, Sheet, Submission
from services.marks.queries.papers import rules_of
from shared.access.principal import Principal
from shared.folding import folded
from shared.ids import new_id
from tests.support.service import ServiceUnderTest

CENTRE = "68101"
OTHER_CENTRE = "68102"
TASKS = [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 40}]
OUTCOMES = ["Distinction", "Merit", "Pass"]
PAPER: Mapping[str, Any] = {
    "series_month": "JUNE",
    "series_year": 2031,
    "code": "3700U1",
    "title": "ENGLISH LANGUAGE",
    "unit": "UNIT 1 ORACY",
    "qualification": "GCSE",
    "board": "WJEC",
    "tasks": TASKS,
    "outcomes": None,
    "not_classified": NOT_CLASSIFIED,
    "linear": False,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "none",
    "evidence_pieces": [],
    "work_to": None,
    "tolerance": 3,
    "marks_deadline": date(2031, 5, 10),
    "sample_deadline": date(2031, 5, 17),
    "evidence_until": date(2031, 5, 31),
    "results_day": datetime(2031, 8, 21, 7, tzinfo=UTC),
    "linked": [],
    "consortia": [],
}


def make_paper(marks: ServiceUnderTest, **changes: Any) -> str:
    """Put a paper like `PAPER` with these changes into the catalogue; returns its id."""
    paper_id = new_id()
    with marks.transaction() as session:
        session.add(Paper(id=paper_id, **{**PAPER, **changes}))
    return paper_id


def make_sheet(
    marks: ServiceUnderTest,
    paper_id: str,
    *numbers: str,
    centre_no: str = CENTRE,
    mark: Mark | None = None,
    **changes: Any,
) -> None:
    """Enter candidates (more of them, where the sheet is there), all with the same mark."""
    with marks.transaction() as session:
        paper = session.get_one(Paper, paper_id)
        session.merge(Sheet(centre_no=centre_no, paper_id=paper_id))
        session.flush()
        session.add_all(_candidate(paper, centre_no, number, mark, changes) for number in numbers)


def make_submission(
    marks: ServiceUnderTest, paper_id: str, centre_no: str = CENTRE, number: int = 1
) -> None:
    """Lock every candidate of the sheet that is not locked yet."""
    with marks.transaction() as session:
        open_ones = session.query(Candidate).filter_by(
            centre_no=centre_no, paper_id=paper_id, submission=None
        )
        locked = open_ones.update({"submission": number})
        session.add(
            Submission(
                id=new_id(),
                centre_no=centre_no,
                paper_id=paper_id,
                number=number,
                kind="first" if number == 1 else "supplementary",
                submitted_at=datetime(2031, 5, 9, 12, tzinfo=UTC),
                by_id="admin",
                by="Admin",
                candidates=locked,
                declarations={},
            )
        )


def get(marks: ServiceUnderTest, path: str, who: Principal) -> Any:
    """The JSON of an answer that has to be 200."""
    answer = marks.call("GET", path, who)
    assert answer.status_code == 200, answer.text
    return answer.json


def _candidate(
    paper: Paper, centre_no: str, number: str, mark: Mark | None, changes: Mapping[str, Any]
) -> Candidate:
    rules = rules_of(paper)
    held = mark or Mark.blank(rules)
    values = {
        "centre_no": centre_no,
        "paper_id": paper.id,
        "candidate_no": number,
        "uci": "",
        "surname": f"Surname{number}",
        "forenames": "Siân",
        "surname_key": folded(f"Surname{number}"),
        "dob": date(2015, 3, 29),
        "teaching_set": "",
        "tasks": None if held.tasks is None else list(held.tasks),
        "code": held.code,
        "outcome": held.outcome,
        "initials": held.initials,
        "total": held.total,
        "effective_total": held.total,
        "standing": standing(rules, held, held.total),
        "started": held.started,
        "complete": complete(rules, held),
    }
    return Candidate(**{**values, **changes})
