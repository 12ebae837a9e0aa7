"""The catalogue on pages: found, added, changed, copied into another series."""

from html import unescape
from typing import Any

import pytest
from flask import json

from tests.support.gateway import BOARD_STAFF, Browser, FakeServices

PAGE = "/board/papers"
API = "/api/marks/papers"
JUNE = {"month": "JUNE", "year": 2031}
PAPER: dict[str, Any] = {
    "id": "p1",
    "code": "3700U1",
    "title": "CYMRAEG <i>",
    "unit": "UNIT 1",
    "full_title": "GCSE JUNE 2031 CYMRAEG <i> UNIT 1 (3700U1)",
    "qualification": "GCSE",
    "series": JUNE,
    "board": "WJEC",
    "tasks": [{"name": "Talk, or speech", "max": 40}],
    "outcomes": None,
    "not_classified": "Not classified",
    "linear": True,
    "initials_required": False,
    "sample_policy": "wjec-rank-order",
    "upload": "none",
    "evidence_pieces": [],
    "max_file_mib": None,
    "evidence_advice": None,
    "upload_guide": None,
    "work_to": None,
    "tolerance": 3,
    "marks_deadline": "2031-05-10",
    "sample_deadline": "2031-05-17",
    "evidence_until": "2031-05-31",
    "results_day": "2031-08-21T07:00:00+00:00",
    "linked": ["p2"],
    "after_deadline": "warn",
    "consortia": [["68101", "68202"]],
    "centres": 0,
    "candidates": 0,
    "attention": [],
}
OTHER = PAPER | {"id": "p2", "code": "3700U2", "full_title": "GCSE JUNE 2031 OTHER (3700U2)"}
TYPED: dict[str, Any] = {
    "month": "JUNE",
    "year": "2031",
    "code": "3700U1",
    "title": "CYMRAEG",
    "qualification": "GCSE",
    "board": "WJEC",
    "tasks": "Talk, or speech, 40\r\n\r\nEssay, 60",
    "linear": "yes",
    "sample_policy": "even-spread-2026",
    "upload": "none",
    "tolerance": "3",
    "marks_deadline": "2031-05-10",
    "sample_deadline": "2031-05-17",
    "evidence_until": "2031-05-31",
    "day": "2031-08-21",
    "time": "08:00",
    "after_deadline": "closed",
    "linked": "p2",
    "consortia": "68101, 68202\r\n68303,68404",
}


@pytest.fixture
def staff(browser: Browser, fake: FakeServices) -> Browser:
    listed = {"papers": [PAPER, OTHER], "total": 2, "page": 1, "rows": 20}
    fake.says("GET", "/api/marks/series", {"series": [{"series": JUNE, "papers": 2}], "total": 1})
    fake.says("GET", API, listed)
    fake.says("GET", "/api/marks/paper-drafts", {"drafts": [], "total": 0})
    fake.says("GET", f"{API}/p1", PAPER)
    return browser.sign_in(BOARD_STAFF)


def sent(fake: FakeServices) -> Any:
    """What the last form asked marks for."""
    return json.loads([one for one in fake.seen if one.method != "GET"][-1].body)


def test_the_papers_of_a_series_are_listed(staff: Browser, fake: FakeServices) -> None:
    raw = staff.get(f"{PAGE}?series=JUNE+2031&search=cym").text
    assert "CYMRAEG <i>" not in raw
    for said in ("CYMRAEG <i>", "2 papers", f'href="{PAGE}/p1"', "JUNE 2031 (2)"):
        assert said in unescape(raw)
    asked = [one.target for one in fake.seen if one.target.startswith(f"{API}?")]
    assert asked == [f"{API}?rows=20&page=1&search=cym&series=JUNE+2031"]


def test_a_series_that_there_is_not_shows_all(staff: Browser, fake: FakeServices) -> None:
    assert staff.get(f"{PAGE}?series=MAI").status_code == 200
    assert fake.seen[-1].target == f"{API}?rows=20&page=1&search="


def test_a_paper_is_added(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", API, PAPER, 201)
    done = staff.submit(f"{PAGE}/new", **TYPED, max_file_mib="250")
    assert (done.status_code, done.location) == (303, f"{PAGE}/p1")
    body = sent(fake)
    assert body["tasks"] == [{"name": "Talk, or speech", "max": 40}, {"name": "Essay", "max": 60}]
    assert body["outcomes"] is None
    assert body["series"] == JUNE
    assert body["results_day"] == "2031-08-21T08:00:00+01:00"
    assert (body["max_file_mib"], body["upload_guide"]) == (250, "")
    assert body["consortia"] == [["68101", "68202"], ["68303", "68404"]]
    assert (body["linear"], body["initials_required"]) == (True, False)
    assert (body["linked"], body["after_deadline"]) == (["p2"], "closed")


def test_all_that_is_missing_is_named_and_what_was_typed_stays(
    staff: Browser, fake: FakeServices
) -> None:
    errors = [
        {"pointer": "/tasks/1/max", "detail": "Too many."},
        {"pointer": "/results_day", "detail": "No moment."},
        {"pointer": "/code", "detail": "Too short."},
    ]
    fake.says("POST", API, {"detail": "No.", "errors": errors}, 422)
    page = unescape(staff.submit(f"{PAGE}/new", **TYPED, unit="<b>").text)
    for said in ("Line 2: Too many.", 'href="#day"', 'href="#code"', "Talk, or speech, 40"):
        assert said in page
    assert 'value="<b>"' in page


def test_a_paper_is_shown_as_it_is(staff: Browser) -> None:
    page = unescape(staff.get(f"{PAGE}/p1").text)
    for said in ("Talk, or speech, 40", 'value="2031-08-21"', 'value="08:00"', "68101, 68202"):
        assert said in page
    assert 'value="p2" checked' in page
    assert 'value="p1"' not in page


def test_what_is_odd_is_pointed_out(staff: Browser, fake: FakeServices) -> None:
    attention = [{"pointer": "/results_day", "detail": "Out too soon."}]
    fake.says("GET", f"{API}/p1", PAPER | {"attention": attention})
    page = staff.get(f"{PAGE}/p1").text
    assert ("Out too soon." in page, 'href="#day"' in page) == (True, True)


def test_with_entries_the_assessment_is_shown_and_not_asked(
    staff: Browser, fake: FakeServices
) -> None:
    fake.says("GET", f"{API}/p1", PAPER | {"centres": 2, "candidates": 31})
    page = staff.get(f"{PAGE}/p1").text
    assert "31 candidates are entered" in page
    fake.says("PATCH", f"{API}/p1", PAPER)
    done = staff.submit(f"{PAGE}/p1", title="NEW", tolerance="5", tasks="Forged, 9", code="F")
    assert "Remove this paper" not in page
    assert done.status_code == 303
    body = sent(fake)
    assert (body["title"], body["tolerance"]) == ("NEW", 5)
    assert (body["tasks"], body["linear"], body["code"]) == (PAPER["tasks"], True, "3700U1")


def test_why_something_is_fixed_stands_above_it_whatever_it_is(staff: Browser) -> None:
    page = staff.get(f"{PAGE}/p1").text
    for why, it in (
        ("month-kept", '<select class="form-select" id="month"'),
        ("year-hint", '<input class="form-control" id="year"'),
    ):
        assert page.index(f'id="{why}">Fixed when') < page.index(it)


def test_without_entries_the_code_can_be_changed(staff: Browser, fake: FakeServices) -> None:
    fake.says("PATCH", f"{API}/p1", PAPER)
    assert staff.submit(f"{PAGE}/p1", **TYPED | {"code": "3700U9"}).status_code == 303
    assert sent(fake)["code"] == "3700U9"


def test_a_paper_added_by_mistake_is_removed(staff: Browser, fake: FakeServices) -> None:
    assert "Remove 3700U1" in staff.get(f"{PAGE}/p1").text
    fake.says("DELETE", f"{API}/p1", None, 204)
    done = staff.submit(f"{PAGE}/p1", do="remove")
    assert (done.status_code, done.location, fake.seen[-1].method) == (303, PAGE, "DELETE")
    fake.says("DELETE", f"{API}/p1", {"detail": "It is in use."}, 409)
    assert "It is in use." in staff.submit(f"{PAGE}/p1", do="remove").text


COPY = {"from": "JUNE 2031", "month": "JUNE", "year": "2032"}


def seen_copy(**changes: Any) -> dict[str, Any]:
    one = {"source": "p1", "there": False, "id": None} | PAPER | changes
    return {"papers": [one], "weeks": 52}


def test_what_would_be_copied_is_shown_first(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{API}/copies", seen_copy())
    page = unescape(staff.submit(f"{PAGE}/copy", **COPY, action="look").text)
    for said in ("52 weeks", 'name="papers" value="p1" checked', "CYMRAEG <i>"):
        assert said in page or said.replace("<i>", "&lt;i&gt;") in page
    assert sent(fake) == {"from": JUNE, "to": {"month": "JUNE", "year": 2032}}
    assert fake.seen[-1].target == f"{API}/copies?dry_run=true"


def test_what_is_ticked_is_copied(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{API}/copies", seen_copy(id="p9"))
    done = staff.submit(f"{PAGE}/copy", **COPY, action="copy", papers="p1")
    assert (done.status_code, done.location) == (303, f"{PAGE}?series=JUNE+2032")
    assert sent(fake)["papers"] == ["p1"]
    assert "1 paper is copied." in staff.get(PAGE).text


def test_with_nothing_ticked_nothing_is_copied(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{API}/copies", seen_copy())
    assert "Tick the papers" in staff.submit(f"{PAGE}/copy", **COPY, action="copy").text
    assert fake.seen[-1].target.endswith("?dry_run=true")


def test_a_copy_that_is_refused_says_why(staff: Browser, fake: FakeServices) -> None:
    fake.says("POST", f"{API}/copies", {"detail": "Must be another series."}, 422)
    assert "Must be another series." in staff.submit(f"{PAGE}/copy", **COPY, action="look").text
