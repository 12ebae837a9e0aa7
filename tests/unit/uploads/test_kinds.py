"""What a file is taken for, and what is shown of it in a page."""

import pytest

from shared.files.kinds import Kind, kind_of
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of
from tests.unit.uploads.builders import (
    CENTRE,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
    told,
)

ADMIN = admin_of(CENTRE)
BYTES = "application/octet-stream"
PDF = b"%PDF-1.7\n%work"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
WAV = b"RIFF\0\0\0\0WAVEfmt "
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"

# How it begins, what its sender said, what it is taken for, and whether it is shown.
KINDS = [
    (PDF, "application/pdf", "application/pdf", True),
    (PDF, "text/html", "application/pdf", True),
    (PNG, BYTES, "image/png", True),
    (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "text/html", "image/jpeg", True),
    (b"GIF89a\1\0\1\0", "image/gif", "image/gif", True),
    (MP4, BYTES, "video/mp4", True),
    (WAV, BYTES, "audio/wav", True),
    (HTML, "image/png", "text/html", False),
    (SVG, "image/png", "image/svg+xml", False),
    (b"MZ\x90\0\3\0\0\0", "image/png", "application/vnd.microsoft.portable-executable", False),
    (b"PK\3\4\x14\0\6\0", BYTES, "application/zip", False),
    (b"nothing in particular", "application/pdf", "application/pdf", False),
    (b"", "image/png", "image/png", False),
]


@pytest.mark.parametrize(("head", "said", "is_", "shown"), KINDS)
def test_a_kind_is_seen_and_not_believed(head: bytes, said: str, is_: str, shown: bool) -> None:  # noqa: FBT001
    assert kind_of(head, said) == Kind(is_, is_ if shown else None)


@pytest.fixture
def service(service: ServiceUnderTest) -> ServiceUnderTest:
    sampled_sheet(service)
    return service


@pytest.mark.parametrize("path", [candidate_files(), group_files()])
def test_what_is_safe_is_shown_as_what_it_is(service: ServiceUnderTest, path: str) -> None:
    file = told(send(service, path, PNG, name="a.html", said="text/html"))
    assert (file["content_type"], file["preview"]) == ("image/png", True)
    shown = service.call("GET", f"{path}/{file['id']}/preview", ADMIN)
    assert (shown.status_code, shown.content_type, shown.data) == (200, "image/png", PNG)
    assert shown.headers["Content-Disposition"].startswith("inline;")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(("content", "kind"), [(PDF, "application/pdf"), (WAV, "audio/wav")])
def test_no_sandbox_keeps_a_pdf_or_a_sound_from_being_shown(
    service: ServiceUnderTest, content: bytes, kind: str
) -> None:
    file = sent(service, candidate_files(), content)
    shown = service.call("GET", f"{candidate_files()}/{file['id']}/preview", ADMIN)
    assert shown.content_type == kind
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "sandbox" not in shown.headers["Content-Security-Policy"]


@pytest.mark.parametrize("content", [HTML, SVG, b"plain"])
def test_what_could_run_is_not_shown_and_comes_as_bytes(
    service: ServiceUnderTest, content: bytes
) -> None:
    sent_as = send(service, candidate_files(), content, name="page.html", said="text/html")
    file = told(sent_as)
    at = f"{candidate_files()}/{file['id']}"
    assert file["preview"] is False
    refused = service.call("GET", f"{at}/preview", ADMIN)
    assert (refused.status_code, told(refused)["type"]) == (409, "urn:iamis:problem:no-preview")
    got = service.call("GET", at, ADMIN)
    assert (got.content_type, got.data) == (BYTES, content)
    assert "sandbox" in got.headers["Content-Security-Policy"]


def test_the_same_file_twice_is_noticed(service: ServiceUnderTest, storage: MemoryStorage) -> None:
    first = sent(service, candidate_files(), PDF)
    other = told(send(service, candidate_files(), PDF, name="again.pdf"))
    assert (first["same_as"], other["same_as"]) == (None, first["id"])
    assert sent(service, group_files(), PDF)["same_as"] is None
    listed = told(service.call("GET", candidate_files(), ADMIN))
    assert listed["files"] == [first, other]
    assert len(storage.objects) == 3


def test_the_same_file_is_kept_once_where_that_is_asked(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    first = send(service, f"{candidate_files()}?once=true", PDF)
    again = send(service, f"{candidate_files()}?once=true", PDF)
    assert (first.status_code, again.status_code) == (201, 200)
    assert told(again) == told(first)
    assert told(service.call("GET", candidate_files(), ADMIN))["total"] == 1
    assert list(storage.objects.values()) == [PDF]
    other = send(service, f"{candidate_files()}?once=true", PDF, name="another.pdf")
    assert (other.status_code, told(other)["same_as"]) == (201, told(first)["id"])
    assert len(service.emitted("evidence.uploaded.v1")) == 2
