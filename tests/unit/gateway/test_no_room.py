"""A disk that is full, where the gateway puts the files of a form: real, by `/dev/full`."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask, Request
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from tests.support.gateway import Browser, FakeServices
from tests.support.sheet_answers import PAGES, UPLOADS, file

EVIDENCE = f"{PAGES}/evidence"
FILES = f"{UPLOADS}/candidates/1001/files"

Fields = list[tuple[str, str | bytes | tuple[str, str | bytes] | tuple[str, str | bytes, str]]]


@pytest.fixture(autouse=True)
def _full_disk(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with Path("/dev/full").open("rb+", buffering=0) as full:

        class OnFullDisk(Request):
            def _get_file_stream(self, *_told: Any, **_named: Any) -> IO[bytes]:
                return full

        monkeypatch.setattr(app, "request_class", OnFullDisk)
        yield


def send(browser: Browser, path: str) -> TestResponse:
    token = browser.token()
    fields: Fields = [("csrf_token", token), ("file", ("a.txt", b"x" * 3_000_000))]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(path, data=body, content_type=content_type)


def test_evidence_needs_no_room(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", FILES, {"files": [], "total": 0})
    fake.says("POST", FILES, file("f1"), status=201)
    assert send(browser, f"{EVIDENCE}/1001").location == f"{EVIDENCE}#c1001"
    assert b"x" * 3_000_000 in fake.asked(FILES)[-1].body


def test_who_sends_another_file_is_told_in_words(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    answer = send(browser, f"{PAGES}/marks-file")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "There is no room for a file of this size now." in answer.text
    assert fake.seen == []
