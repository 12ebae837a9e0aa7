"""Uploading, listing, downloading and deleting over HTTP, with a store in memory."""

from hashlib import sha256
from urllib.parse import quote

import pytest

from services.uploads.models import EvidenceFile
from shared.access.principal import Principal
from shared.audit import AuditRow
from shared.ids import new_id
from tests.support.memory_storage import MemoryStorage
from tests.support.service import BOARD, MODERATOR, ServiceUnderTest, admin_of, rows_of, teacher_of
from tests.unit.uploads.builders import (
    CENTRE,
    OTHER_CENTRE,
    OUTSIDE,
    PAPER,
    SAMPLED,
    SHEET,
    TOO_LATE,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
    tell_entry,
    tell_paper,
    tell_submitted,
    told,
)
from tests.unit.uploads.conftest import Clock

CONTENT = b"the work of candidate 1001"
PLACES = [candidate_files(), group_files()]
ADMIN = admin_of(CENTRE)


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


@pytest.mark.parametrize("path", PLACES)
def test_a_file_goes_in_and_comes_out_the_same(service: ServiceUnderTest, path: str) -> None:
    file = sent(service, path, CONTENT)
    assert file["name"] == "work.pdf"
    assert file["size"] == len(CONTENT)
    assert file["content_type"] == "application/pdf"
    assert file["sha256"] == sha256(CONTENT).hexdigest()
    assert file["uploaded_at"] == "2031-05-01T09:00:00+00:00"
    assert file["uploaded_by"] == ADMIN.name
    assert service.call("GET", path, ADMIN).json == {"files": [file], "total": 1}
    assert service.call("GET", f"{path}/{file['id']}", ADMIN).data == CONTENT


def test_a_download_is_an_attachment_that_runs_nowhere(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    name = 'Ŵyn & "co"; 100%.html'
    file = told(send(service, candidate_files(), CONTENT, name=name))
    answer = service.call("GET", f"{candidate_files()}/{file['id']}", ADMIN, buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == (
        f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}"
    )
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert [fetched.closed for fetched in storage.fetched] == [True]


def test_the_store_is_let_go_when_nobody_reads_the_file(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    file = sent(service, candidate_files())
    service.call("HEAD", f"{candidate_files()}/{file['id']}", ADMIN).close()
    assert [fetched.closed for fetched in storage.fetched] == [True]


def test_the_same_file_twice_is_two_files(service: ServiceUnderTest) -> None:
    first, second = sent(service, candidate_files()), sent(service, candidate_files())
    assert first["id"] != second["id"]
    listed = told(service.call("GET", candidate_files(), ADMIN))
    assert [file["id"] for file in listed["files"]] == [first["id"], second["id"]]


def test_the_sheet_lists_every_sampled_candidate(service: ServiceUnderTest) -> None:
    of_candidate = sent(service, candidate_files(SAMPLED[1]))
    of_group = sent(service, group_files())
    assert service.call("GET", f"{SHEET}/files", ADMIN).json == {
        "candidates": [
            {"candidate_no": SAMPLED[0], "files": [], "lacks": False, "missing": []},
            {"candidate_no": SAMPLED[1], "files": [of_candidate], "lacks": False, "missing": []},
        ],
        "group_files": [of_group],
        "group_lacks": False,
        "quota": {"used": of_candidate["size"] + of_group["size"], "allowed": 200 * 10**9},
    }


def test_a_sheet_without_a_sample_lists_nothing(service: ServiceUnderTest) -> None:
    tell_paper(service, paper_id="p-2")
    listed = service.call("GET", SHEET.replace(PAPER, "p-2") + "/files", ADMIN)
    nothing = {"used": 0, "allowed": 200 * 10**9}
    lists = {"candidates": [], "group_files": [], "group_lacks": True}
    assert listed.json == {**lists, "quota": nothing}


@pytest.mark.parametrize("path", PLACES)
def test_a_deleted_file_is_gone_from_view_and_kept(
    service: ServiceUnderTest, storage: MemoryStorage, path: str
) -> None:
    file = sent(service, path, CONTENT)
    one = f"{path}/{file['id']}"
    assert service.call("DELETE", one, teacher_of(CENTRE)).status_code == 204
    assert service.call("GET", path, ADMIN).json == {"files": [], "total": 0}
    assert service.call("GET", one, ADMIN).status_code == 404
    assert service.call("DELETE", one, ADMIN).status_code == 404
    assert list(storage.objects.values()) == [CONTENT]
    with service.transaction() as session:
        (row,) = rows_of(session, EvidenceFile)
        assert row.deleted_at is not None
        assert row.deleted_by_id == teacher_of(CENTRE).user_id


def test_a_file_stays_after_the_last_day(service: ServiceUnderTest, moment: Clock) -> None:
    file = sent(service, candidate_files())
    moment.now = TOO_LATE
    refused = service.call("DELETE", f"{candidate_files()}/{file['id']}", ADMIN)
    assert (refused.status_code, told(refused)["type"]) == (
        409,
        "urn:iamis:problem:evidence-closed",
    )
    assert told(service.call("GET", candidate_files(), ADMIN))["total"] == 1


def test_every_change_is_told_and_kept_for_audit(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(), CONTENT)
    service.call("DELETE", f"{candidate_files()}/{file['id']}", ADMIN)
    uploaded, deleted = (event for event in service.emitted() if event.key != "evidence.lacking.v1")
    place = {"centre_no": CENTRE, "paper_id": PAPER, "candidate_no": SAMPLED[0]}
    assert (uploaded.key, uploaded.subject) == ("evidence.uploaded.v1", f"{CENTRE}/{PAPER}")
    described = place | {
        "file_id": file["id"],
        "size": len(CONTENT),
        "sha256": file["sha256"],
        "status": "accepted",
    }
    assert uploaded.data == described | {
        "content_type": "application/pdf",
        "uploaded_at": file["uploaded_at"],
    }
    assert (deleted.key, deleted.subject) == ("evidence.deleted.v1", f"{CENTRE}/{PAPER}")
    assert deleted.data == described | {"deleted_at": "2031-05-01T09:00:00+00:00"}
    with service.transaction() as session:
        rows = rows_of(session, AuditRow)
        actions = {row.action: (row.by_id, row.subject) for row in rows}
    subject = f"{CENTRE}/{PAPER}/{SAMPLED[0]}"
    assert actions == {
        "evidence.upload": (ADMIN.user_id, subject),
        "evidence.delete": (ADMIN.user_id, subject),
    }


def test_the_event_of_a_group_file_names_no_candidate(service: ServiceUnderTest) -> None:
    sent(service, group_files())
    (uploaded,) = service.emitted("evidence.uploaded.v1")
    assert uploaded.data["candidate_no"] is None


def test_a_file_is_found_only_where_it_belongs(service: ServiceUnderTest) -> None:
    sampled_sheet(service, paper_id="p-2")
    file = sent(service, candidate_files())
    of_group = sent(service, group_files())
    elsewhere = [
        candidate_files(SAMPLED[1]),
        candidate_files(sheet=SHEET.replace(PAPER, "p-2")),
        group_files(),
    ]
    for path in elsewhere:
        for method in ("GET", "DELETE"):
            assert service.call(method, f"{path}/{file['id']}", ADMIN).status_code == 404
    assert service.call("GET", f"{candidate_files()}/{of_group['id']}", ADMIN).status_code == 404
    assert service.call("GET", f"{candidate_files()}/{new_id()}", ADMIN).status_code == 404


def test_an_entered_candidate_outside_the_sample_has_no_files(service: ServiceUnderTest) -> None:
    path = candidate_files(OUTSIDE)
    assert service.call("GET", path, ADMIN).status_code == 404
    tell_entry(service, OUTSIDE)
    for who in (ADMIN, BOARD):
        assert service.call("GET", path, who).json == {"files": [], "total": 0}
    assert service.call("GET", path, MODERATOR).status_code == 404, "it may be a late entry"
    tell_entry(service, OUTSIDE, "withdrawn")
    assert service.call("GET", path, ADMIN).status_code == 404


def test_before_the_sample_a_candidate_has_no_files(service: ServiceUnderTest) -> None:
    path = candidate_files(sheet=SHEET.replace(PAPER, "p-2"))
    tell_entry(service, SAMPLED[0], paper_id="p-2")
    assert service.call("GET", path, ADMIN).json == {"files": [], "total": 0}
    assert service.call("GET", path, admin_of(OTHER_CENTRE)).status_code == 404


LOOKING = [("GET", f"{SHEET}/files"), ("GET", candidate_files()), ("GET", group_files())]
CHANGING = [
    ("POST", candidate_files()),
    ("POST", group_files()),
    ("DELETE", f"{candidate_files()}/x"),
    ("DELETE", f"{group_files()}/x"),
]


@pytest.mark.parametrize(("method", "path"), LOOKING)
def test_centre_moderator_and_board_look(service: ServiceUnderTest, method: str, path: str) -> None:
    for who in (ADMIN, teacher_of(CENTRE), MODERATOR, BOARD):
        assert service.call(method, path, who).status_code == 200


@pytest.mark.parametrize("who", [MODERATOR, BOARD, teacher_of(CENTRE, iamis=False)])
@pytest.mark.parametrize(("method", "path"), CHANGING)
def test_who_may_not_change_evidence_is_told_so(
    service: ServiceUnderTest, method: str, path: str, who: Principal
) -> None:
    assert service.call(method, path, who).status_code == 403


@pytest.mark.parametrize(("method", "path"), LOOKING + CHANGING)
def test_another_centre_learns_nothing(service: ServiceUnderTest, method: str, path: str) -> None:
    assert service.call(method, path, admin_of(OTHER_CENTRE)).status_code == 404
    assert service.call(method, path).status_code == 401


@pytest.mark.parametrize(("method", "path"), LOOKING + CHANGING)
def test_a_paper_nobody_told_of_is_one_without_a_sample(
    service: ServiceUnderTest, method: str, path: str
) -> None:
    unknown = path.replace(PAPER, "p-9")
    whole = not path.startswith(f"{SHEET}/candidates")
    expected = {"GET": 200 if whole else 404, "POST": 409, "DELETE": 404}[method]
    answer = send(service, unknown) if method == "POST" else service.call(method, unknown, ADMIN)
    assert answer.status_code == expected
    assert service.call(method, unknown, MODERATOR).status_code == 404


def test_a_moderator_sees_a_sheet_once_it_is_submitted(service: ServiceUnderTest) -> None:
    path = f"{SHEET.replace(PAPER, 'p-2')}/files"
    tell_paper(service, paper_id="p-2")
    service.allocate(CENTRE, "p-2")
    assert service.call("GET", path, MODERATOR).status_code == 404
    tell_submitted(service, paper_id="p-2")
    assert service.call("GET", path, MODERATOR).status_code == 200


def test_a_download_by_moderator_and_board(service: ServiceUnderTest) -> None:
    file = sent(service, candidate_files(), CONTENT)
    for who in (MODERATOR, BOARD, teacher_of(CENTRE)):
        assert service.call("GET", f"{candidate_files()}/{file['id']}", who).data == CONTENT
