"""What the services say of one centre's paper, for the tests of its pages."""

import json
from collections.abc import Sequence
from typing import Any

from tests.support.gateway import FakeServices, problem

Json = dict[str, Any]

CENTRE = "68101"
PAGES = f"/centres/{CENTRE}/papers/p1"
MARKS = f"/api/marks{PAGES}"
SAMPLE = f"/api/sampling{PAGES}/sample"
UPLOADS = f"/api/uploads{PAGES}"
TITLE = "GCSE JUNE 2031 HISTORY & <i>MYTH</i> UNIT 4 (3100UN)"
AT = "2031-05-02T09:15:00+00:00"


def paper(**changes: Any) -> Json:
    """A paper of two tasks whose evidence is uploaded here, submitted unless nobody is."""
    made = {
        "id": "p1",
        "code": "3100UN",
        "title": "HISTORY & <i>MYTH</i>",
        "unit": "UNIT 4",
        "full_title": TITLE,
        "board": "WJEC",
        "tasks": [{"name": "Part A", "max": 34}, {"name": "Part B", "max": 66}],
        "outcomes": None,
        "maximum": 100,
        "upload": "candidate",
        "evidence_pieces": [],
        "max_file_mib": None,
        "evidence_advice": None,
        "upload_guide": None,
        "work_to": None,
        "sample_deadline": "2031-05-31",
        "evidence_until": "2931-06-30",
        "linked": [],
        "candidates": 3,
        "submitted": 3,
    } | changes
    return {"state": "submitted" if made["submitted"] else "in_progress"} | made


def receipt(**changes: Any) -> Json:
    return {
        "id": "r1",
        "kind": "first",
        "number": 1,
        "submitted_at": AT,
        "submitted_by": "Ann O'Neill-Ŵyn <b>",
        "candidates": 3,
        "centre_no": CENTRE,
        "paper_id": "p1",
    } | changes


def readiness(**changes: Any) -> Json:
    return {"ready": True, "candidates": 3, "missing": [], "doubts": [], "receipt": None} | changes


def missing(number: str, *what: str) -> Json:
    return {"candidate_no": number, "name": "ŴYN <b> : SIÂN", "what": list(what)}


def candidate(number: str, **changes: Any) -> Json:
    """A line of the marksheet."""
    return {
        "candidate_no": number,
        "name": f"ŴYN <b> : SIÂN {number}",
        "tasks": [20, 30],
        "total": 50,
        "effective_total": 50,
        "code": None,
        "outcome": None,
        "initials": "AB",
        "locked": True,
        "sample": {"chosen_by": "system", "reason": "highest mark"},
        "clerical_error": None,
    } | changes


def sheet(*candidates: Json, of: Json | None = None) -> Json:
    known = of or paper()
    return {
        "paper": known,
        "tasks": known["tasks"] or [],
        "candidates": list(candidates),
        "sample_generated": True,
    }


def sampled(number: str, **changes: Any) -> Json:
    return {
        "candidate_no": number,
        "chosen_by": "system",
        "reason": "rank 1 of 3, one in every 2",
        "at": AT,
        "note": None,
        "due": None,
        "files": 0,
    } | changes


def not_eligible(number: str, why: str, reason: str) -> Json:
    return {"candidate_no": number, "why": why, "reason": reason}


def sample(
    *candidates: Json,
    state: str = "generated",
    notes: Sequence[Json] = (),
    out: Sequence[Json] = (),
) -> Json:
    return {
        "state": state,
        "policy": "p",
        "last_submitted_at": AT,
        "candidates": list(candidates),
        "not_eligible": list(out),
        "notes": list(notes),
    }


def file(file_id: str, **changes: Any) -> Json:
    return {
        "id": file_id,
        "name": "gwaith <b>.zip",
        "size": 615_000,
        "content_type": "application/zip",
        "sha256": "0" * 64,
        "uploaded_at": AT,
        "uploaded_by": "Ann",
        "piece": None,
        "exemption": False,
        "candidates": [],
        "status": "accepted",
        "preview": False,
        "same_as": None,
    } | changes


def files(
    group: Sequence[Json] = (), *, group_lacks: bool = False, **of_candidates: Sequence[Json]
) -> Json:
    """`files(c1001=[...])`: the evidence of a sheet; who has no file lacks it."""
    return {
        "candidates": [of_candidate(name[1:], listed) for name, listed in of_candidates.items()],
        "group_files": list(group),
        "group_lacks": group_lacks,
        "quota": {"used": 0, "allowed": None},
    }


def of_candidate(number: str, listed: Sequence[Json], *missing: str) -> Json:
    lacks = not listed or bool(missing)
    return {
        "candidate_no": number,
        "files": list(listed),
        "lacks": lacks,
        "missing": list(missing),
    }


def posted(fake: FakeServices, path: str, method: str = "POST") -> Json:
    """The body of the last POST to `path`, or of another method."""
    body = [seen.body for seen in fake.asked(path) if seen.method == method][-1]
    return dict(json.loads(body))


def keys_of(fake: FakeServices, path: str) -> list[str]:
    """The `Idempotency-Key` of each POST to `path`."""
    asked = [seen for seen in fake.asked(path) if seen.method == "POST"]
    return [seen.headers.get("Idempotency-Key", "") for seen in asked]


class SheetAnswers:
    """Lays down what each service says; a part that is never laid down is a 404."""

    def __init__(self, fake: FakeServices) -> None:
        self.fake = fake
        self.paper(paper())

    def paper(self, said: Json) -> None:
        self.fake.says("GET", MARKS, said)

    def readiness(self, said: Json) -> None:
        self.fake.says("GET", f"{MARKS}/submission", said)

    def sheet(self, said: Json) -> None:
        self.fake.says("GET", f"{MARKS}/marksheet", said)

    def sample(self, said: Json) -> None:
        self.fake.says("GET", SAMPLE, said)

    def files(self, said: Json) -> None:
        self.fake.says("GET", f"{UPLOADS}/files", said)

    def down(self, *paths: str) -> None:
        """The services of these paths do not answer."""
        for path in paths:
            self.fake.answers["GET", path] = problem(503, "unavailable", Retry_After="5")
