"""What happens elsewhere in the system, as events tell the gateway."""

from typing import Any

from tests.support.service import MODERATOR, ServiceUnderTest

PAPER: dict[str, Any] = {
    "paper_id": "p1",
    "code": "3700U1",
    "title": "ENGLISH LANGUAGE",
    "unit": "UNIT 1 ORACY",
    "full_title": "GCSE JUNE 2031 ENGLISH LANGUAGE UNIT 1 ORACY (3700U1)",
    "qualification": "GCSE",
    "series": {"month": "JUNE", "year": 2031},
    "board": "WJEC",
    "tasks": [{"name": "Task 1", "max": 40}],
    "outcomes": None,
    "not_classified": "",
    "linear": True,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "none",
    "evidence_pieces": [],
    "work_to": None,
    "tolerance": 2,
    "marks_deadline": "2031-05-05",
    "sample_deadline": "2031-05-12",
    "evidence_until": "2031-05-12",
    "results_day": "2031-08-21T08:00:00+01:00",
    "linked": [],
    "consortia": [],
}
ENTRY: dict[str, Any] = {
    "candidate_no": "0001",
    "uci": "",
    "surname": "O'Neill-Ŵyn",
    "forenames": "Siân",
    "dob": "2015-02-28",
    "teaching_set": "10A",
    "change": "added",
}
SUBMITTED: dict[str, Any] = {
    "kind": "first",
    "submitted_at": "2031-05-01T12:00:00Z",
    "submitted_by": "u1",
    "candidates": [
        {
            "candidate_no": "0001",
            "tasks": [15],
            "total": 15,
            "effective_total": 15,
            "code": None,
            "outcome": None,
            "initials": "",
        }
    ],
}
SAMPLED: dict[str, Any] = {
    "policy": "wjec-rank-order",
    "at": "2031-05-01T12:00:00Z",
    "candidates": [
        {
            "candidate_no": "0001",
            "chosen_by": "system",
            "reason": "highest mark",
            "at": "2031-05-01T12:00:00Z",
        }
    ],
}

REOPENED: dict[str, Any] = {
    "before": {"submissions": 1, "candidates": 1},
    "after": {"submissions": 0, "candidates": 0},
    "why": "Submitted by mistake",
    "reopened_by": "b1",
    "reopened_at": "2031-05-01T12:00:00Z",
}
MODERATED: dict[str, Any] = {
    "outcome": "adjusted",
    "decided_by": "b1",
    "decided_at": "2031-06-01T12:00:00Z",
    "release_at": "2031-08-21T08:00:00+01:00",
    "marks": [
        {
            "candidate_no": "0001",
            "from": {"total": 15, "outcome": None},
            "to": {"total": 13, "outcome": None},
        }
    ],
}
RETURNED: dict[str, Any] = {"returned_by": "b1", "returned_at": "2031-06-02T12:00:00Z"}
UPLOADED: dict[str, Any] = {
    "file_id": "f1",
    "size": 5,
    "sha256": "0" * 64,
    "content_type": "application/pdf",
    "uploaded_at": "2031-05-12T12:00:00Z",
    "status": "accepted",
}
REMINDER: dict[str, Any] = {
    "kind": "evidence",
    "deadline": "2031-05-12",
    "days_left": 1,
    "at": "2031-05-11T12:00:00Z",
}
EXTENSION: dict[str, Any] = {
    "request_id": "r1",
    "before": {"marks_deadline": "2031-05-05"},
    "after": {"marks_deadline": "2031-05-09"},
    "why": "A flood",
    "requested_by": "u1",
    "requested_at": "2031-05-01T12:00:00Z",
}


class Happenings:
    """Each delivers one event about the paper `p1`."""

    def __init__(self, gateway: ServiceUnderTest) -> None:
        self._gateway = gateway

    def paper(self, **changes: Any) -> None:
        self._gateway.deliver("paper.changed.v1", "all/p1", PAPER | changes)

    def entries(self, centre_no: str, **sets: str) -> None:
        """Who is in which set: `c0001="10A"`, which is meant where nobody is named."""
        named = sets or {"c0001": "10A"}
        entered = [
            ENTRY | {"candidate_no": number.removeprefix("c"), "teaching_set": name}
            for number, name in named.items()
        ]
        self._of_sheet("entries.changed.v1", centre_no, {"candidates": entered})

    def submitted(self, centre_no: str, sequence: int = 0) -> None:
        self._of_sheet("marks.submitted.v1", centre_no, SUBMITTED, sequence)

    def uploaded(self, centre_no: str, candidate_no: str | None) -> None:
        self._of_sheet("evidence.uploaded.v1", centre_no, UPLOADED | {"candidate_no": candidate_no})

    def sampled(self, centre_no: str, sequence: int = 0, *, extended: bool = False) -> None:
        key = "sample.extended.v1" if extended else "sample.generated.v1"
        self._of_sheet(key, centre_no, SAMPLED, sequence)

    def reopened(self, centre_no: str, sequence: int = 0) -> None:
        self._of_sheet("submission.reopened.v1", centre_no, REOPENED, sequence)

    def extension_requested(self, centre_no: str) -> None:
        self._of_sheet("extension.requested.v1", centre_no, EXTENSION)

    def moderated(self, centre_no: str, sequence: int = 0) -> None:
        self._of_sheet("moderation.decided.v1", centre_no, MODERATED, sequence)

    def moderation_returned(self, centre_no: str, sequence: int = 0) -> None:
        self._of_sheet("moderation.returned.v1", centre_no, RETURNED, sequence)

    def allocate(self, centre_no: str) -> None:
        self._gateway.allocate(centre_no, "p1")

    def deallocate(self, centre_no: str) -> None:
        self._of_sheet("moderator.deallocated.v1", centre_no, {"user_id": MODERATOR.user_id})

    def reminded(self, centre_no: str, *numbers: str) -> None:
        self._of_sheet("reminder.due.v1", centre_no, REMINDER | {"candidate_nos": list(numbers)})

    def access_changed(self, user_id: str, version: int, **more: Any) -> None:
        data = {"user_id": user_id, "access_version": version, **more}
        self._gateway.deliver("user.access_changed.v1", user_id, data)

    def _of_sheet(self, key: str, centre_no: str, data: Any, sequence: int = 0) -> None:
        whole = {"centre_no": centre_no, "paper_id": "p1", **data}
        self._gateway.deliver(key, f"{centre_no}/p1", whole, sequence=sequence)
