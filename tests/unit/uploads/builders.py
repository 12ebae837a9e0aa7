"""A paper, a submission and a sample as their events tell of them, and multipart bodies."""

import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from werkzeug.test import TestResponse

from services.uploads.domain.rules import TO_END
from shared.access.principal import Principal
from tests.support.service import MODERATOR, ServiceUnderTest, admin_of

CENTRE = "68101"
OTHER_CENTRE = "68202"
PAPER = "p-1"
SHEET = f"/api/uploads/centres/{CENTRE}/papers/{PAPER}"
SAMPLED = ("1001", "1003")
OUTSIDE = "1002"
LAST_DAY = date(2031, 5, 15)
IN_TIME = datetime(2031, 5, 1, 9, tzinfo=UTC)
TOO_LATE = datetime(2031, 5, 16, 9, tzinfo=UTC)
ALL_IN = TOO_LATE + TO_END
BOUNDARY = "a-boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def candidate_files(candidate_no: str = SAMPLED[0], *, sheet: str = SHEET) -> str:
    return f"{sheet}/candidates/{candidate_no}/files"


def group_files(*, sheet: str = SHEET) -> str:
    return f"{sheet}/group-files"


def paper(upload: str = "group", *, paper_id: str = PAPER, **changes: Any) -> dict[str, Any]:
    return {
        "paper_id": paper_id,
        "code": "3700U1",
        "title": "English Language",
        "unit": "Unit 1",
        "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 (3700U1)",
        "qualification": "GCSE",
        "series": {"month": "JUNE", "year": 2031},
        "board": "WJEC",
        "tasks": [{"name": "Task 1", "max": 40}],
        "outcomes": None,
        "not_classified": "Not classified",
        "linear": False,
        "initials_required": False,
        "sample_policy": "wjec-rank-order",
        "upload": upload,
        "evidence_pieces": [],
        "work_to": None,
        "tolerance": 2,
        "marks_deadline": "2031-05-05",
        "sample_deadline": "2031-05-10",
        "evidence_until": LAST_DAY.isoformat(),
        "results_day": "2031-08-21T08:00:00+01:00",
        "linked": [],
        "consortia": [],
    } | changes


def submission(centre_no: str = CENTRE, paper_id: str = PAPER) -> dict[str, Any]:
    return {
        "centre_no": centre_no,
        "paper_id": paper_id,
        "kind": "first",
        "submitted_at": "2031-04-20T12:00:00Z",
        "submitted_by": "admin-68101",
        "candidates": [],
    }


def sample(
    candidates: Iterable[str] = SAMPLED,
    *,
    paper_id: str = PAPER,
    centre_no: str = CENTRE,
    dues: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    return {
        "centre_no": centre_no,
        "paper_id": paper_id,
        "policy": "wjec-rank-order",
        "at": "2031-04-20T12:00:01Z",
        "note": "",
        "candidates": [
            {
                "candidate_no": number,
                "chosen_by": "system",
                "reason": "spread",
                "at": "2031-04-20T12:00:01Z",
                "due": (dues or {}).get(number),
            }
            for number in candidates
        ],
    }


def tell_paper(
    service: ServiceUnderTest, upload: str = "group", paper_id: str = PAPER, **changes: Any
) -> None:
    data = paper(upload, paper_id=paper_id, **changes)
    service.deliver("paper.changed.v1", f"all/{paper_id}", data)


def tell_entry(
    service: ServiceUnderTest, candidate_no: str, change: str = "added", paper_id: str = PAPER
) -> None:
    entry = {"candidate_no": candidate_no, "surname": "ŴYN", "forenames": "SIÂN"}
    entry |= {"dob": "2015-02-28", "uci": "", "teaching_set": "", "change": change}
    data = {"centre_no": CENTRE, "paper_id": paper_id, "candidates": [entry]}
    service.deliver("entries.changed.v1", f"{CENTRE}/{paper_id}", data)


def tell_sample(service: ServiceUnderTest, **what: Any) -> None:
    told = sample(**what)
    service.deliver("sample.extended.v1", f"{told['centre_no']}/{told['paper_id']}", told)


def tell_submitted(
    service: ServiceUnderTest, paper_id: str = PAPER, centre_no: str = CENTRE
) -> None:
    data = submission(centre_no, paper_id)
    service.deliver("marks.submitted.v1", f"{centre_no}/{paper_id}", data)


def tell_reopened(service: ServiceUnderTest) -> None:
    counts = {"submissions": 1, "candidates": 1}
    undone = {"centre_no": CENTRE, "paper_id": PAPER, "before": counts, "after": counts}
    undone |= {"why": "!", "reopened_by": "b", "reopened_at": "2031-05-02T12:00:00Z"}
    service.deliver("submission.reopened.v1", f"{CENTRE}/{PAPER}", undone)


def sampled_sheet(
    service: ServiceUnderTest, upload: str = "group", paper_id: str = PAPER, **changes: Any
) -> None:
    """A sheet as it is when evidence is asked for, and a moderator allocated to it."""
    tell_paper(service, upload, paper_id, **changes)
    tell_submitted(service, paper_id)
    tell_sample(service, paper_id=paper_id)
    service.allocate(CENTRE, paper_id, MODERATOR)


def part(
    content: bytes, disposition: str = 'name="file"; filename="work.pdf"', *headers: str
) -> bytes:
    lines = [f"--{BOUNDARY}", f"Content-Disposition: form-data; {disposition}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def send(
    service: ServiceUnderTest,
    path: str,
    content: bytes = b"content",
    *,
    as_: Principal | None = None,
    name: str = "work.pdf",
    said: str = "application/pdf",
) -> TestResponse:
    """Upload a file, as the centre's admin unless said otherwise."""
    file = (io.BytesIO(content), name, said)
    return service.call("POST", path, as_ or admin_of(CENTRE), data={"file": file})


def sent(service: ServiceUnderTest, path: str, content: bytes = b"content") -> dict[str, Any]:
    """Upload a file that has to be taken; gives what is answered."""
    answer = send(service, path, content)
    assert answer.status_code == 201, answer.json
    taken: dict[str, Any] = told(answer)
    return taken


def told(answer: TestResponse) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.data)
