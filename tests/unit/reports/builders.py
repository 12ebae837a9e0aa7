"""Events as the other services send them, and the addresses of reports."""

from collections.abc import Mapping
from typing import Any

from tests.support.service import ServiceUnderTest

CENTRE = "68101"
PAPER = "oracy"
SHEET = f"{CENTRE}/{PAPER}"
DETAILS = f"/api/reports/centres/{CENTRE}/papers/{PAPER}/candidate-details"
LIST = f"/api/reports/centres/{CENTRE}/papers"
AT = "2031-05-01T12:00:00Z"

Data = dict[str, Any]


def paper(paper_id: str = PAPER, **changes: Any) -> Data:
    """A paper of two tasks (40 + 40)."""
    return {
        "paper_id": paper_id,
        "code": "3700U1",
        "title": "ENGLISH LANGUAGE",
        "unit": "UNIT 1 ORACY",
        "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
        "qualification": "GCSE",
        "series": {"month": "JUNE", "year": 2031},
        "board": "WJEC",
        "tasks": [{"name": "Task 1", "max": 40}, {"name": "Task 2", "max": 40}],
        "outcomes": None,
        "not_classified": "Not classified",
        "linear": False,
        "initials_required": True,
        "sample_policy": "wjec-rank-order",
        "upload": "candidate",
        "evidence_pieces": [],
        "work_to": None,
        "tolerance": 3,
        "marks_deadline": "2031-05-05",
        "sample_deadline": "2031-05-10",
        "evidence_until": "2031-05-15",
        "results_day": "2031-08-20T09:00:00+01:00",
        "linked": [],
        "consortia": [],
    } | changes


OUTCOMES: Data = {"tasks": None, "outcomes": ["Distinction", "Merit", "Pass"]}


def entry(candidate_no: str, change: str = "added", **changes: Any) -> Data:
    return {
        "candidate_no": candidate_no,
        "surname": f"SURNAME{candidate_no}",
        "forenames": "Siân",
        "dob": "2015-12-31",
        "uci": "681012310001A",
        "teaching_set": "",
        "change": change,
    } | changes


def sheet(**data: Any) -> Data:
    return {"centre_no": CENTRE, "paper_id": PAPER} | data


def entries(*candidates: Data) -> Data:
    return sheet(candidates=list(candidates))


def mark(candidate_no: str, *tasks: int | None, **changes: Any) -> Data:
    total = sum(task for task in tasks if task is not None) if tasks else None
    return {
        "candidate_no": candidate_no,
        "tasks": list(tasks) or None,
        "total": total,
        "effective_total": total,
        "code": None,
        "outcome": None,
        "initials": "AB",
    } | changes


def submission(*candidates: Data, kind: str = "first", at: str = AT) -> Data:
    return sheet(kind=kind, submitted_at=at, submitted_by="admin", candidates=list(candidates))


def clerical_error(candidate_no: str, total: int, tasks: list[int] | None = None) -> Data:
    return sheet(
        candidate_no=candidate_no,
        original={"tasks": None, "total": 0},
        amended={"tasks": tasks, "total": total},
        effective_total=total,
        recorded_by="appointee-1",
        recorded_at=AT,
    )


def acknowledged(candidate_no: str) -> Data:
    return sheet(
        candidate_no=candidate_no,
        clerical_error_id="e1",
        original={"tasks": None, "total": 0},
        amended={"tasks": None, "total": 1},
        recorded_at=AT,
        acknowledged_by="u1",
        acknowledged_at=AT,
    )


def sample(*chosen: tuple[str, str], **more: str) -> Data:
    candidates = [
        {"candidate_no": candidate_no, "chosen_by": by, "reason": "spread", "at": AT}
        for candidate_no, by in chosen
    ]
    return sheet(policy="wjec-rank-order", at=AT, candidates=candidates, **more)


def uploaded(file_id: str, candidate_no: str | None) -> Data:
    return sheet(
        candidate_no=candidate_no,
        file_id=file_id,
        size=1,
        sha256="0" * 64,
        content_type="text/plain",
        uploaded_at=AT,
        status="accepted",
    )


def deleted(file_id: str, candidate_no: str | None) -> Data:
    return sheet(candidate_no=candidate_no, file_id=file_id, deleted_at=AT)


def lacking(
    *candidates: str, group: bool = False, pieces: Mapping[str, list[str]] | None = None
) -> Data:
    """Who lacks evidence: the `candidates` any file, those of `pieces` these."""
    missing = {**{one: [] for one in candidates}, **(pieces or {})}
    named = [{"candidate_no": one, "missing": them} for one, them in missing.items()]
    return sheet(candidates=named, group=group)


def looked_at(file_id: str, candidate_no: str | None, status: str) -> Data:
    """A file whose status changed."""
    data = {**uploaded(file_id, candidate_no), "status": status, "changed_at": AT}
    return {name: data[name] for name in data if name not in {"content_type", "uploaded_at"}}


def enter(service: ServiceUnderTest, *candidates: Data, **paper_changes: Any) -> None:
    """The paper and its entries have been heard of."""
    service.deliver("paper.changed.v1", f"all/{PAPER}", paper(**paper_changes))
    service.deliver("entries.changed.v1", SHEET, entries(*candidates))


def submit(service: ServiceUnderTest, *candidates: Data, **changes: str) -> None:
    service.deliver("marks.submitted.v1", SHEET, submission(*candidates, **changes))


def amended(candidate_no: str, *tasks: int, decision: str = "") -> Data:
    """A mark that is amended; with a `decision`, the event of that."""
    before = {"tasks": [1, 2], "code": None, "outcome": None, "total": 3, "initials": "AB"}
    after = before | {"tasks": list(tasks), "total": sum(tasks)}
    did = "decided" if decision else "amended"
    by = {f"{did}_by": "board-1", f"{did}_at": AT} | ({"decision": decision} if decision else {})
    asked = {"request_id": "r1", "before": before, "after": after, "why": "Swapped"}
    return sheet(candidate_no=candidate_no, **asked, **by)


def reopened() -> Data:
    counts = {"submissions": 1, "candidates": 1}
    by = {"reopened_by": "board-1", "reopened_at": AT}
    return sheet(before=counts, after=counts, why="Too early", **by)
