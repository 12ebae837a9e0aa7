"""Evidence, by the contract: when it is taken, how its name is kept, and how it comes back."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support import shapes
from tests.support.api import Answer, Api
from tests.support.refusals import refused
from tests.support.sheet import Sheet
from tests.support.waiting import wait_for

CONTENT = bytes(range(256)) * 33
LONG = "x" * 300
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def sampled(make_sheet: MakeSheet) -> Sheet:
    """19 candidates of whom 0002 is not sampled, known to uploads."""
    return submitted(make_sheet(19))


def submitted(sheet: Sheet) -> Sheet:
    sheet.fill({one["candidate_no"]: [90 - int(one["candidate_no"])] for one in sheet.candidates()})
    sheet.submit()
    sheet.wait_for_sample()
    sheet.wait_for_uploads("0001")
    return sheet


def listed(sheet: Sheet, path: str) -> list[str]:
    read = sheet.api.get(path).expect(200)
    assert read["total"] == len(read["files"])
    return [one["name"] for one in read["files"]]


def test_a_file_comes_back_as_it_went(sampled: Sheet) -> None:
    path = sampled.files("0001")
    stored = sampled.api.upload(path, "gwaith Siân.zip", CONTENT).expect(201)
    shapes.check(stored, **shapes.FILE)
    assert (stored["name"], stored["size"]) == ("gwaith Siân.zip", len(CONTENT))
    assert stored["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert stored["uploaded_by"] == sampled.api.user["name"]
    assert shapes.is_instant(stored["uploaded_at"])
    assert stored in sampled.api.get(path).expect(200)["files"]

    back = sampled.api.get(f"{path}/{stored['id']}")
    assert (back.status, back.content) == (200, CONTENT)
    assert back.headers["Content-Disposition"].startswith("attachment")
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in back.headers["Cache-Control"]
    assert back.headers["Content-Length"] == str(len(CONTENT))
    assert "Set-Cookie" not in back.headers


NAMES = [
    ("../../etc/passwd", "passwd"),
    ("C:\\Users\\Siân\\work.docx", "work.docx"),
    ("a/b\\c.txt", "c.txt"),
    ("tab\there\x01.txt", "tabhere.txt"),
    ("\u202efdp.exe", "fdp.exe"),
    ("\u2066a\u2069\u200fb.pdf", "ab.pdf"),
    ("Ŵyn 小龙 🎭.pdf", "Ŵyn 小龙 🎭.pdf"),
    ("<script>.html", "<script>.html"),
    (f"{LONG}.pdf", f"{LONG[:251]}.pdf"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES, ids=lambda name: repr(name[:20]))
def test_a_name_is_cleaned_and_never_refused(sampled: Sheet, given: str, kept: str) -> None:
    path = sampled.files("0003")
    assert sampled.api.upload(path, given, b"x").expect(201)["name"] == kept
    assert listed(sampled, path)[-1] == kept


@pytest.mark.parametrize("given", ["", ".", "..", "/", "\x01\x02", "\u202e", "   ", "a/", LONG])
def test_any_name_will_do(sampled: Sheet, given: str) -> None:
    name = sampled.api.upload(sampled.files("0005"), given, b"x").expect(201)["name"]
    assert 1 <= len(name) <= 255
    assert name not in {".", ".."}
    assert not set(name) & set("/\\\x01\x02\u202e")


def test_a_name_in_bytes_that_are_not_utf_8(sampled: Sheet) -> None:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="Si\xe2n.txt"\r\n\r\nx'
        b"\r\n--b--\r\n"
    )
    assert send(sampled, body).expect(201)["name"].endswith("n.txt")


def send(
    sheet: Sheet, body: bytes, content_type: str = "multipart/form-data; boundary=b"
) -> Answer:
    return sheet.api.call("POST", sheet.files("0007"), body, {"Content-Type": content_type})


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
END = b"\r\n--b--\r\n"
OTHER = b'--b\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'


@pytest.mark.parametrize(
    ("body", "content_type", "status", "pointers"),
    [
        (PART + END, "", 422, ["/file"]),
        (OTHER + b"--b--\r\n", "", 422, ["/file"]),
        (PART + b"x\r\n" + PART + b"y" + END, "", 422, ["/file"]),
        (PART.replace(b'"file"', b'"other"') + b"x" + END, "", 422, ["/file"]),
        (PART + b"x", "", 400, []),
        (b"", "", 400, []),
        (b"nonsense", "", 400, []),
        (PART + b"x" + END, "multipart/form-data", 400, []),
        (PART + b"x" + END, "application/octet-stream", 415, []),
        (b"{}", "application/json", 415, []),
    ],
)
def test_what_is_no_file(
    sampled: Sheet, body: bytes, content_type: str, status: int, pointers: list[str]
) -> None:
    before = listed(sampled, sampled.files("0007"))
    answer = send(sampled, body, content_type or "multipart/form-data; boundary=b")
    refused(answer, status, *pointers)
    assert listed(sampled, sampled.files("0007")) == before


def test_a_form_may_hold_more_than_the_file(sampled: Sheet) -> None:
    assert send(sampled, OTHER + PART + b"x" + END).expect(201)["size"] == 1


def test_a_large_file_of_a_length_that_was_said(sampled: Sheet) -> None:
    """As programs send it that do not stream."""
    content = CONTENT * 500
    stored = send(sampled, PART + content + END).expect(201)
    assert (stored["size"], stored["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_many_at_once_are_all_kept(sampled: Sheet) -> None:
    path = sampled.files("0017")
    names = [f"{number}.txt" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as threads:
        sent = threads.map(lambda name: sampled.api.upload(path, name, CONTENT).status, names)
        assert {*sent} == {201}
    assert sorted(listed(sampled, path)) == names


def test_before_the_sample_it_is_too_early(make_sheet: MakeSheet) -> None:
    sheet = make_sheet(2)
    answer = sheet.api.upload(sheet.files("0001"), "a.txt", b"x")
    refused(answer, 409)
    assert sheet.api.get(sheet.files("0001")).status in {200, 404}


@pytest.mark.parametrize("number", ["0002", "9999"])
def test_outside_the_sample(sampled: Sheet, number: str) -> None:
    answer = sampled.api.upload(sampled.files(number), "a.txt", b"x")
    refused(answer, 422, "/candidate_no")


def test_a_file_is_of_one_place(accounts: Accounts, sampled: Sheet) -> None:
    path = sampled.files("0009")
    stored = sampled.api.upload(path, "a.txt", b"x").expect(201)["id"]
    elsewhere = [
        f"{sampled.files('0011')}/{stored}",
        f"{sampled.uploads}/group-files/{stored}",
        f"{path}/no-such-file",
    ]
    for place in elsewhere:
        refused(sampled.api.get(place), 404)
        refused(sampled.api.call("DELETE", place), 404)
    for somebody in (accounts.foreign_admin, accounts["appointee"]):
        refused(somebody.get(f"{path}/{stored}"), 404)
        refused(somebody.call("DELETE", f"{path}/{stored}"), 404)
    foreign = accounts.foreign_admin.user["centre_no"]
    theirs = f"/api/uploads/centres/{foreign}/papers/{sampled.paper_id}/candidates/0009/files"
    refused(accounts.foreign_admin.get(f"{theirs}/{stored}"), 404)
    assert listed(sampled, path) == ["a.txt"]


def test_a_file_is_deleted(accounts: Accounts, sampled: Sheet) -> None:
    path = sampled.files("0011")
    stored = sampled.api.upload(path, "a.txt", b"x").expect(201)["id"]
    refused(accounts["board"].call("DELETE", f"{path}/{stored}"), 403)
    gone = sampled.api.call("DELETE", f"{path}/{stored}")
    assert (gone.status, gone.content) == (204, b"")
    assert listed(sampled, path) == []
    refused(sampled.api.get(f"{path}/{stored}"), 404)
    refused(sampled.api.call("DELETE", f"{path}/{stored}"), 404)


def test_several_files_of_the_same_name(sampled: Sheet) -> None:
    path = sampled.files("0013")
    ids = {sampled.api.upload(path, "a.txt", b"x").expect(201)["id"] for _ in range(2)}
    assert len(ids) == 2
    assert listed(sampled, path) == ["a.txt", "a.txt"]


def test_group_files_likewise(make_sheet: MakeSheet, accounts: Accounts) -> None:
    sheet = make_sheet(2, upload="group")
    sheet.fill_all()
    group = f"{sheet.uploads}/group-files"
    refused(sheet.api.upload(group, "early.zip", b"x"), 409)
    sheet.submit()
    sheet.wait_for_uploads("0001")
    stored = sheet.api.upload(group, "all.zip", CONTENT).expect(201)
    shapes.check(stored, **shapes.FILE)
    assert sheet.api.get(group).expect(200) == {"files": [stored], "total": 1}
    assert accounts["board"].get(f"{group}/{stored['id']}").content == CONTENT
    assert sheet.api.call("DELETE", f"{group}/{stored['id']}").status == 204
    assert sheet.api.get(group).expect(200) == {"files": [], "total": 0}


def test_a_paper_without_uploads(make_sheet: MakeSheet) -> None:
    sheet = submitted(make_sheet(1, upload="none"))
    refused(sheet.api.upload(sheet.files("0001"), "a.txt", b"x"), 409)


def test_the_last_day_and_a_later_due_date(
    make_sheet: MakeSheet, allocate: Allocate, accounts: Accounts
) -> None:
    """Evidence is closed; whoever is asked for later may still send until that day."""
    past = (TODAY - timedelta(days=2)).isoformat()
    dates = dict.fromkeys(("marks_deadline", "sample_deadline", "evidence_until"), past)
    sheet = submitted(make_sheet(11, **dates))
    refused(sheet.api.upload(sheet.files("0001"), "late.txt", b"x"), 409)

    asked = {"candidate_nos": ["0002"], "note": "Please", "due": TODAY.isoformat()}
    further = f"{sheet.sampling}/sample/further-requests"
    accounts["board"].post(further, asked).expect(201)
    sheet.wait_for_uploads("0002")
    stored = sheet.api.upload(sheet.files("0002"), "asked.txt", b"x").expect(201)
    refused(sheet.api.upload(sheet.files("0001"), "late.txt", b"x"), 409)

    moderator = allocate(sheet).api
    path = f"{sheet.files('0002')}/{stored['id']}"
    wait_for("the moderator has it", lambda: moderator.get(path).status == 200)
    refused(moderator.call("DELETE", path), 403)


def test_nobody_signed_in_gets_a_file(sampled: Sheet) -> None:
    path = sampled.files("0015")
    stored = sampled.api.upload(path, "a.txt", b"x").expect(201)["id"]
    anybody = Api(sampled.api.base_url)
    refused(anybody.get(f"{path}/{stored}"), 401)
    refused(anybody.upload(path, "b.txt", b"x"), 401)
