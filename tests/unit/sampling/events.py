"""What the other services and people tell sampling, as short as the examples need it."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.sampling.domain import Candidate
from shared.access.principal import Principal
from shared.events.envelope import Envelope
from tests.support.service import BOARD, ServiceUnderTest, admin_of, teacher_of

CENTRE = "68101"
PAPER = "paper-1"
ADMIN = admin_of(CENTRE)
TEACHER = teacher_of(CENTRE)
NOTE = "0003's folder was lost: 0002 is the nearest"
URL = f"/api/sampling/centres/{CENTRE}/papers/{PAPER}/sample"
ADDITIONS = f"{URL}/additions"
REQUESTS = f"{URL}/further-requests"


def paper(**changed: Any) -> dict[str, Any]:
    return {
        "paper_id": PAPER,
        "code": "3700U1",
        "title": "English Language",
        "unit": "Unit 1 Oracy",
        "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
        "qualification": "GCSE",
        "series": {"month": "JUNE", "year": 2031},
        "board": "WJEC",
        "tasks": [{"name": "Task 1", "max": 300}],
        "outcomes": None,
        "not_classified": "Not classified",
        "linear": True,
        "initials_required": False,
        "sample_policy": "wjec-rank-order",
        "upload": "candidate",
        "evidence_pieces": [],
        "work_to": None,
        "tolerance": 3,
        "marks_deadline": "2031-05-05",
        "sample_deadline": "2031-05-10",
        "evidence_until": "2031-05-15",
        "results_day": "2031-08-21T08:00:00+01:00",
        "linked": [],
        "consortia": [],
        **changed,
    }


SUBMITTED_AT = {"first": "2031-05-01T11:59:00+00:00", "supplementary": "2031-05-03T09:30:00+00:00"}


def submission(
    candidates: Iterable[Candidate],
    kind: str = "first",
    paper_id: str = PAPER,
    centre_no: str = CENTRE,
) -> dict[str, Any]:
    return {
        "centre_no": centre_no,
        "paper_id": paper_id,
        "kind": kind,
        "submitted_at": SUBMITTED_AT[kind],
        "submitted_by": "teacher-1",
        "candidates": [
            {
                "candidate_no": one.candidate_no,
                "tasks": None,
                "total": one.mark,
                "effective_total": one.mark,
                "code": one.code,
                "outcome": one.outcome,
                "initials": one.initials,
            }
            for one in candidates
        ],
    }


def know_paper(service: ServiceUnderTest, paper_id: str = PAPER, **changed: Any) -> Envelope:
    data = paper(paper_id=paper_id, **changed)
    return service.deliver("paper.changed.v1", f"all/{paper_id}", data)


def enter(
    service: ServiceUnderTest,
    paper_id: str = PAPER,
    centre_no: str = CENTRE,
    change: str = "added",
    *,
    candidate_no: str = "0001",
    sequence: int = 0,
) -> Envelope:
    """One candidate is entered for the paper."""
    candidate = {
        "candidate_no": candidate_no,
        "surname": "O'Neill-Ŵyn",
        "forenames": "Siân",
        "dob": "2015-02-28",
        "uci": "",
        "teaching_set": "10A",
        "change": change,
    }
    data = {"centre_no": centre_no, "paper_id": paper_id, "candidates": [candidate]}
    subject = f"{centre_no}/{paper_id}"
    return service.deliver("entries.changed.v1", subject, data, sequence=sequence)


def submit(
    service: ServiceUnderTest,
    candidates: Iterable[Candidate],
    kind: str = "first",
    *,
    paper_id: str = PAPER,
    centre_no: str = CENTRE,
    **told: Any,
) -> Envelope:
    """`told` may give the `sequence` and the `event_id`."""
    data = submission(candidates, kind, paper_id, centre_no)
    return service.deliver("marks.submitted.v1", f"{centre_no}/{paper_id}", data, **told)


def correct(
    service: ServiceUnderTest, candidate_no: str, mark: int, *, sequence: int = 0
) -> Envelope:
    """A clerical error is recorded."""
    totals = {"tasks": None, "total": mark}
    data = {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "candidate_no": candidate_no,
        "original": totals,
        "amended": totals,
        "effective_total": mark,
        "recorded_by": "appointee-1",
        "recorded_at": "2031-05-02T12:00:00Z",
    }
    subject = f"{CENTRE}/{PAPER}"
    return service.deliver("clerical_error.recorded.v1", subject, data, sequence=sequence)


def upload(service: ServiceUnderTest, file_id: str, candidate_no: str | None) -> Envelope:
    data = {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "candidate_no": candidate_no,
        "file_id": file_id,
        "size": 1,
        "sha256": "0" * 64,
        "content_type": "text/plain",
        "uploaded_at": "2031-05-02T12:00:00Z",
        "status": "accepted",
    }
    return service.deliver("evidence.uploaded.v1", f"{CENTRE}/{PAPER}", data)


def delete(service: ServiceUnderTest, file_id: str, candidate_no: str | None) -> Envelope:
    data = {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "candidate_no": candidate_no,
        "file_id": file_id,
        "deleted_at": "2031-05-03T12:00:00Z",
    }
    return service.deliver("evidence.deleted.v1", f"{CENTRE}/{PAPER}", data)


def reject(service: ServiceUnderTest, file_id: str, candidate_no: str | None) -> Envelope:
    data = {
        "centre_no": CENTRE,
        "paper_id": PAPER,
        "candidate_no": candidate_no,
        "file_id": file_id,
        "size": 1,
        "sha256": "0" * 64,
        "status": "rejected",
        "changed_at": "2031-05-03T12:00:00Z",
    }
    return service.deliver("evidence.status_changed.v1", f"{CENTRE}/{PAPER}", data)


def sample(service: ServiceUnderTest, paper_id: str = PAPER, centre_no: str = CENTRE) -> Any:
    """The sample as the board sees it."""
    path = f"/api/sampling/centres/{centre_no}/papers/{paper_id}/sample"
    answer = service.call("GET", path, BOARD)
    assert answer.status_code == 200
    return answer.json


def members(of: Any) -> Sequence[str]:
    return [one["candidate_no"] for one in of["candidates"]]


def add(service: ServiceUnderTest, who: Principal, **body: Any) -> Any:
    path = REQUESTS if "due" in body else ADDITIONS
    return service.call("POST", path, who, json={"note": NOTE, **body})
