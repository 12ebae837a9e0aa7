"""Sending and deleting evidence without script."""

from collections.abc import Sequence
from html import unescape
from urllib.parse import parse_qs

import pytest
from flask import Response, json, request
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from services.gateway.table import ENVELOPE
from shared.settings import settings
from tests.support.gateway import (
    Browser,
    FakeServices,
    Seen,
    problem,
    tokens,
)
from tests.support.sheet_answers import (
    PAGES,
    UPLOADS,
    file,
)

Field = str | bytes | tuple[str, str | bytes] | tuple[str, str | bytes, str]

HERE = f"{PAGES}/evidence"
OF_1001 = f"{UPLOADS}/candidates/1001/files"
OF_GROUP = f"{UPLOADS}/group-files"
DELETE = f"{HERE}/1001/f1/delete"


@pytest.fixture(autouse=True)
def _nothing_there(fake: FakeServices) -> None:
    for at in (OF_1001, OF_GROUP):
        fake.says("GET", at, {"files": [], "total": 0})


def seen(browser: Browser, path: str = HERE) -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return " ".join(unescape(page.text).split())


def upload(
    browser: Browser,
    *named: tuple[str, bytes],
    place: str = "1001",
    about: Sequence[tuple[str, str]] = (),
) -> TestResponse:
    fields: list[tuple[str, Field]] = [("csrf_token", browser.token(HERE)), *about]
    fields += [("file", one) for one in named]
    body, content_type = encode_multipart_formdata(fields)
    return browser.client.post(f"{HERE}/{place}", data=body, content_type=content_type)


def posted(fake: FakeServices, path: str) -> list[Seen]:
    return [one for one in fake.asked(path) if one.method == "POST"]


@pytest.mark.usefixtures("two_sampled")
def test_several_files_are_sent_on_one_after_another(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    received = []

    def take() -> Response:
        given = request.files["file"]
        received.append((given.filename, given.read(), request.headers["Authorization"]))
        return Response("{}", 201, content_type="application/json")

    fake.answers["POST", OF_1001] = take
    large = b"x" * 3_000_000
    done = upload(browser, ("gwaith ŵ.zip", b"one"), ("b.mp3", large))
    assert (done.status_code, done.location) == (303, f"{HERE}#c1001")
    assert received == [
        ("gwaith ŵ.zip", b"one", "Bearer access-1"),
        ("b.mp3", large, "Bearer access-1"),
    ]
    assert "2 files are uploaded." in seen(browser)


@pytest.mark.usefixtures("two_sampled")
def test_a_refused_file_is_named_with_the_reason_and_what_to_try(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()

    def take() -> Response:
        if request.files["file"].filename == "good.txt":
            return Response("{}", 201, content_type="application/json")
        detail = json.dumps({"detail": "The file is empty: it has 0 bytes."})
        return Response(detail, 422, content_type="application/problem+json")

    fake.answers["POST", OF_1001] = take
    answer = upload(browser, ("good.txt", b"1"), ("bad<i>.txt", b"2"))
    assert answer.status_code == 200
    assert "<i>" not in answer.text
    page = unescape(answer.text)
    assert "1 file is uploaded." in page
    assert "bad<i>.txt: The file is empty: it has 0 bytes." in page
    assert "good.txt" not in page
    assert '<p class="mb-1">If it keeps failing, save the file under a different name' in page
    assert 'aria-describedby="c1001-error"' in page
    assert page.count('aria-invalid="true"') == 1


@pytest.mark.usefixtures("two_sampled")
def test_where_there_is_no_room_another_name_is_not_proposed(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.answers["POST", OF_1001] = problem(409, "quota-exceeded")
    page = unescape(upload(browser, ("a.txt", b"1")).text)
    assert "a.txt: refused: quota-exceeded" in page
    assert "If it keeps failing" not in page.partition('id="c1001-error"')[2].partition("</div>")[0]


@pytest.mark.usefixtures("two_sampled")
def test_sending_nothing_is_said_beside_the_field(browser: Browser) -> None:
    browser.sign_in()
    answer = upload(browser)
    assert answer.status_code == 200
    assert "Choose a file first." in answer.text


@pytest.mark.usefixtures("two_sampled")
def test_uploads_being_down_is_said_and_nothing_is_lost(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    fake.answers["POST", OF_1001] = problem(503, "unavailable")
    answer = upload(browser, ("a.txt", b"1"))
    assert answer.status_code == 200
    assert "a.txt: refused: unavailable" in answer.text


@pytest.mark.usefixtures("two_sampled")
def test_a_place_that_is_not_there_is_not_found(browser: Browser) -> None:
    browser.sign_in()
    assert upload(browser, ("a.txt", b"1"), place="9999").status_code == 404


@pytest.mark.usefixtures("two_sampled")
def test_the_address_of_the_form_leads_to_the_section(browser: Browser) -> None:
    assert browser.sign_in().get(f"{HERE}/1001").location == f"{HERE}#c1001"
    assert browser.get(f"{HERE}/group").location == f"{HERE}#group"


@pytest.mark.usefixtures("answers")
def test_deleting_is_asked_first(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("GET", OF_1001, {"files": [file("f1")], "total": 1})
    page = browser.get(DELETE).text
    assert "gwaith &lt;b&gt;.zip" in page
    assert "615 kB" in page
    assert [seen.method for seen in fake.seen] == ["GET"]


@pytest.mark.usefixtures("two_sampled")
@pytest.mark.parametrize(
    ("answered", "said"),
    [
        (Response(status=204), "The file is deleted."),
        (problem(404, "not-found"), "This file is deleted already."),
        (problem(409, "evidence-closed"), "The file is not deleted: refused: evidence-closed"),
        (problem(503, "unavailable"), "The file is not deleted: refused: unavailable"),
    ],
)
def test_deleting_says_how_it_went(
    browser: Browser, fake: FakeServices, answered: Response, said: str
) -> None:
    browser.sign_in()
    fake.says("GET", OF_1001, {"files": [file("f1")], "total": 1})
    fake.answers["DELETE", f"{OF_1001}/f1"] = answered
    done = browser.submit(DELETE)
    assert (done.status_code, done.location) == (303, f"{HERE}#c1001")
    assert said in seen(browser)


@pytest.mark.usefixtures("two_sampled")
def test_the_back_button_to_a_deleted_file_leads_to_the_list(browser: Browser) -> None:
    browser.sign_in()
    gone = browser.get(f"{HERE}/group/f1/delete")
    assert gone.location == f"{HERE}#group"
    assert "This file is deleted already." in seen(browser)


@pytest.mark.usefixtures("two_sampled")
def test_a_token_that_is_too_old_is_renewed_before_a_file_is_sent(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    received = []

    def look() -> Response:
        if request.headers["Authorization"] == "Bearer access-1":
            return problem(401, "stale-token")
        return Response("{}", content_type="application/json")

    def take() -> Response:
        received.append((request.files["file"].read(), request.headers["Authorization"]))
        return Response("{}", 201, content_type="application/json")

    fake.answers["GET", OF_1001], fake.answers["POST", OF_1001] = look, take
    fake.says("POST", "/api/identity/token/refresh", tokens(2))
    assert upload(browser, ("a.txt", b"content")).status_code == 303
    assert received == [(b"content", "Bearer access-2")]


@pytest.mark.usefixtures("two_sampled")
def test_who_may_not_look_sends_nothing(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.answers["GET", OF_1001] = problem(403, "forbidden")
    assert "a.txt: refused: forbidden" in upload(browser, ("a.txt", b"1")).text
    assert posted(fake, OF_1001) == []


@pytest.mark.usefixtures("two_sampled")
def test_no_file_is_sent_on_without_the_token_of_the_form(
    browser: Browser, fake: FakeServices
) -> None:
    browser.sign_in()
    body, content_type = encode_multipart_formdata([("file", ("a.txt", b"1"))])
    answer = browser.client.post(f"{HERE}/1001", data=body, content_type=content_type)
    assert (answer.status_code, posted(fake, OF_1001)) == (403, [])


def test_a_form_of_another_kind_is_not_read(browser: Browser) -> None:
    browser.sign_in()
    data = {"csrf_token": browser.token()}
    assert browser.client.post(f"{HERE}/1001", data=data).status_code == 415


def test_a_form_over_the_limit_is_refused_before_it_is_read(
    browser: Browser, fake: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in()
    monkeypatch.setenv("IAMIS_MAX_FILE_BYTES", "1000")
    settings.cache_clear()
    told = {"CONTENT_LENGTH": str(1000 + ENVELOPE + 1)}
    content_type = "multipart/form-data; boundary=x"
    answer = browser.client.post(f"{HERE}/1001", environ_overrides=told, content_type=content_type)
    assert (answer.status_code, "Too large" in answer.text) == (413, True)
    assert fake.asked(OF_1001) == []


@pytest.mark.usefixtures("two_sampled")
def test_a_file_that_is_there_already_is_said_so(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", OF_1001, file("f1"), status=200)
    assert upload(browser, ("again.txt", b"1")).status_code == 303
    assert [sent.target for sent in posted(fake, OF_1001)] == [f"{OF_1001}?once=true"]
    assert "again.txt was there already" in seen(browser)


@pytest.mark.usefixtures("two_sampled")
def test_what_the_files_are_is_sent_on(browser: Browser, fake: FakeServices) -> None:
    browser.sign_in()
    fake.says("POST", OF_GROUP, file("f1"), status=201)
    about = [("piece", "Case Study 1"), ("exemption", "yes")]
    about += [("candidates", "1001"), ("candidates", "1002")]
    upload(browser, ("a.txt", b"1"), place="group", about=about)
    (sent,) = posted(fake, OF_GROUP)
    assert parse_qs(sent.target.partition("?")[2]) == {
        "once": ["true"],
        "piece": ["Case Study 1"],
        "exemption": ["true"],
        "candidates": ["1001,1002"],
    }
