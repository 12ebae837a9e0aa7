"""The document with an amendment request: kept, looked at, handed out."""

from typing import Any

import pytest

from services.marks.domain.documents import MOST_BYTES
from services.marks.domain.marking import Mark
from shared.audit import AuditRow
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of
from tests.unit.marks.builders import (
    CENTRE,
    OTHER_CENTRE,
    get,
    make_paper,
    make_sheet,
    make_submission,
)

PDF = b"%PDF-1.7 pretended"
PNG = b"\x89PNG\r\n\x1a\n pretended"
ADMIN = admin_of(CENTRE)


@pytest.fixture
def asked(marks: ServiceUnderTest) -> str:
    """The path of an amendment request that waits."""
    paper_id = make_paper(marks)
    make_sheet(marks, paper_id, "1001", mark=Mark((20, 20), None, None, ""))
    make_submission(marks, paper_id)
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/amendment-requests"
    body = {"candidate_no": "1001", "tasks": [21, 20], "reason": "Added up wrongly."}
    made: Any = marks.call("POST", path, ADMIN, json=body)
    assert made.status_code == 201
    return f"{path}/{made.json['id']}"


def put(marks: ServiceUnderTest, asked: str, content: bytes, who: Any = ADMIN) -> Any:
    kind = {"Content-Type": "application/pdf"}
    return marks.call("PUT", f"{asked}/document", who, data=content, headers=kind)


def test_a_document_is_kept_and_handed_out_to_both_sides(
    marks: ServiceUnderTest, asked: str
) -> None:
    kept = put(marks, asked, PDF)
    assert kept.status_code == 200
    assert kept.json["document"]["content_type"] == "application/pdf"
    for who in (ADMIN, BOARD):
        file = marks.call("GET", f"{asked}/document", who)
        assert (file.status_code, file.data) == (200, PDF)
        assert file.headers["Content-Type"] == "application/pdf"
        assert file.headers["Content-Disposition"].startswith("attachment; ")
        (listed,) = get(marks, asked.rpartition("/")[0], who)["requests"]
        assert listed["document"] == kept.json["document"]
    with marks.transaction() as session:
        (row,) = [
            one for one in rows_of(session, AuditRow) if one.action == "amendment.document_added"
        ]
        assert row.after["size"] == len(PDF)


def test_the_second_takes_the_place_of_the_first(marks: ServiceUnderTest, asked: str) -> None:
    put(marks, asked, PDF)
    assert put(marks, asked, PNG).json["document"]["content_type"] == "image/png"
    assert marks.call("GET", f"{asked}/document", BOARD).data == PNG


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"<html>", 422),
        (b"PK\x03\x04", 422),
        (b"%PDF-" + bytes(MOST_BYTES), 413),
    ],
)
def test_what_is_no_document_is_refused(
    marks: ServiceUnderTest, asked: str, content: bytes, status: int
) -> None:
    assert put(marks, asked, content).status_code == status
    assert marks.call("GET", f"{asked}/document", BOARD).status_code == 404


def test_once_decided_it_stays(marks: ServiceUnderTest, asked: str) -> None:
    put(marks, asked, PDF)
    decision = {"decision": "rejected", "comment": "No."}
    decided: Any = marks.call("PATCH", asked, BOARD, json=decision)
    assert decided.json["document"]["size"] == len(PDF)
    assert put(marks, asked, PNG).status_code == 409
    assert marks.call("GET", f"{asked}/document", ADMIN).data == PDF


def test_it_is_of_the_centre_and_the_board(marks: ServiceUnderTest, asked: str) -> None:
    put(marks, asked, PDF)
    for who, status in ((admin_of(OTHER_CENTRE), 404), (MODERATOR, 404)):
        assert marks.call("GET", f"{asked}/document", who).status_code == status
        assert put(marks, asked, PDF, who).status_code == status
    assert put(marks, asked, PDF, BOARD).status_code == 403
    other = asked.rpartition("/")[0] + "/none/document"
    assert marks.call("GET", other, ADMIN).status_code == 404
