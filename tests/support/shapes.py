"""Whether JSON has the members the contract names, each of the kind it says."""

import re
from datetime import datetime
from types import NoneType
from typing import Any

Kind = type | tuple[type, ...]


def check(value: Any, **members: Kind) -> None:
    """Each of `members` is there and of exactly that type: true is no number."""
    assert isinstance(value, dict), value
    for name, kind in members.items():
        assert name in value, f"{name} is missing: {value}"
        kinds = kind if isinstance(kind, tuple) else (kind,)
        assert type(value[name]) in kinds, f"{name} is no {kinds}: {value[name]!r}"


def is_instant(text: str) -> bool:
    """RFC 3339 with its offset."""
    return datetime.fromisoformat(text).tzinfo is not None


def is_day(text: str) -> bool:
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text))


def is_paper_id(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9_-]+", text))


TEXT_OR_NULL = (str, NoneType)
WHOLE_OR_NULL = (int, NoneType)
LIST_OR_NULL = (list, NoneType)
OBJECT_OR_NULL = (dict, NoneType)

CANDIDATE: dict[str, Kind] = {
    "candidate_no": str,
    "name": str,
    "teaching_set": str,
    "tasks": LIST_OR_NULL,
    "code": TEXT_OR_NULL,
    "outcome": TEXT_OR_NULL,
    "total": WHOLE_OR_NULL,
    "effective_total": WHOLE_OR_NULL,
    "initials": str,
    "complete": bool,
    "version": int,
    "sample": OBJECT_OR_NULL,
    "clerical_error": OBJECT_OR_NULL,
}
PAPER: dict[str, Kind] = {
    "id": str,
    "code": str,
    "title": str,
    "full_title": str,
    "qualification": str,
    "series": dict,
    "state": str,
    "candidates": int,
    "done": int,
    "left": int,
    "submitted": int,
    "upload": str,
    "marks_deadline": str,
    "sample_deadline": str,
    "evidence_until": str,
    "results_day": str,
    "results_released": bool,
}
FILE: dict[str, Kind] = {
    "id": str,
    "name": str,
    "size": int,
    "content_type": str,
    "sha256": str,
    "uploaded_at": str,
    "uploaded_by": str,
    "status": str,
}
USER: dict[str, Kind] = {
    "id": str,
    "email": str,
    "first_name": str,
    "last_name": str,
    "account_type": str,
    "iamis": bool,
    "language": str,
    "status": str,
}
