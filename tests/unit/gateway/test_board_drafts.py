"""A paper that is not complete yet, on pages: kept, gone on with, added, dropped."""

from html import unescape
from typing import Any

import pytest

from tests.support.gateway import Browser, FakeServices

from .test_board_papers import API, PAGE, PAPER, TYPED, sent, staff

__all__ = ["staff"]

DRAFTS = "/api/marks/paper-drafts"
DRAFT: dict[str, Any] = {
    "id": "d1",
    "given": {"title": "CYMRAEG <i>", "tasks": "Talk", "linear": True, "year": ["odd"], "new": "x"},
    "version": 3,
    "by": "Ann",
    "at": "2031-03-01T09:00:00+00:00",
}
HERE = f"{PAGE}/drafts/d1"


@pytest.fixture
def board(staff: Browser, fake: FakeServices) -> Browser:
    """Signed in, and with a draft."""
    listed = {"id": "d1", "code": "", "title": "CYMRAEG <i>", "by": "Ann", "at": DRAFT["at"]}
    fake.says("GET", DRAFTS, {"drafts": [listed], "total": 1})
    fake.says("GET", f"{DRAFTS}/d1", DRAFT)
    return staff


def test_an_incomplete_paper_is_kept(board: Browser, fake: FakeServices) -> None:
    assert "Keep as a draft" in board.get(f"{PAGE}/new").text
    fake.says("POST", DRAFTS, DRAFT, 201)
    done = board.submit(f"{PAGE}/new", title="CYMRAEG", do="keep")
    assert (done.status_code, done.location) == (303, HERE)
    assert sent(fake)["given"]["title"] == "CYMRAEG"


def test_it_is_found_and_shown_as_it_was_left(board: Browser) -> None:
    listed = board.get(PAGE).text
    assert f'href="{HERE}"' in listed
    assert "CYMRAEG &lt;i&gt;" in listed
    page = board.get(HERE).text
    for said in ('value="CYMRAEG <i>"', ">Talk</textarea>", "kept by Ann", 'value="3"'):
        assert said in unescape(page)


def test_it_is_kept_again_from_its_version(board: Browser, fake: FakeServices) -> None:
    fake.says("PUT", f"{DRAFTS}/d1", DRAFT)
    assert board.submit(HERE, title="NEW", version="3", do="keep").location == HERE
    assert (sent(fake)["version"], sent(fake)["given"]["title"]) == (3, "NEW")
    fake.says("PUT", f"{DRAFTS}/d1", {"detail": "Ben has changed this draft meanwhile."}, 409)
    page = board.submit(HERE, title="MINE", version="2", do="keep").text
    assert ("Ben has changed" in page, 'value="MINE"' in page) == (True, True)


def test_once_complete_it_is_added(board: Browser, fake: FakeServices) -> None:
    errors = [{"pointer": "/code", "detail": "Too short."}]
    fake.says("POST", API, {"detail": "No.", "errors": errors}, 422)
    assert "Too short." in board.submit(HERE, **TYPED).text
    fake.says("POST", API, PAPER, 201)
    done = board.submit(HERE, **TYPED)
    assert (done.status_code, done.location) == (303, f"{PAGE}/p1")
    assert (sent(fake)["draft"], sent(fake)["code"]) == ("d1", "3700U1")


def test_it_is_added_from_its_version(board: Browser, fake: FakeServices) -> None:
    fake.says("POST", API, {"detail": "Ben has changed this draft meanwhile."}, 409)
    page = board.submit(HERE, **TYPED, version="2").text
    assert ("Ben has changed" in page, sent(fake)["draft_version"]) == (True, 2)


@pytest.mark.parametrize("version", ["9" * 5000, "\u0663", "-1", "x"])
def test_what_is_no_version_is_an_old_one(board: Browser, fake: FakeServices, version: str) -> None:
    fake.says("PUT", f"{DRAFTS}/d1", {"detail": "Ben has changed this draft meanwhile."}, 409)
    page = board.submit(HERE, title="MINE", version=version, do="keep")
    assert ("Ben has changed" in page.text, sent(fake)["version"]) == (True, 0)


REFUSED = [
    ("/given/title", ">Title</a>: Too long."),
    ("/given/linked/0", ">Linked papers</a>: Line 1: Too long."),
    ("/given", "Too long."),
    ("", "Too long."),
]


@pytest.mark.parametrize(("pointer", "said"), REFUSED)
def test_whatever_is_refused_is_said(
    board: Browser, fake: FakeServices, pointer: str, said: str
) -> None:
    refused = {"detail": "No.", "errors": [{"pointer": pointer, "detail": "Too long."}]}
    fake.says("PUT", f"{DRAFTS}/d1", refused, 422)
    fields = {"title": "MINE", "version": "3", "do": "keep"}
    page = unescape(board.submit(HERE, **fields).text)
    assert said in page
    assert 'href="#given"' not in page
    both = [*refused["errors"], {"pointer": "/given/code", "detail": "Too short."}]
    fake.says("PUT", f"{DRAFTS}/d1", {"detail": "No.", "errors": both}, 422)
    page = unescape(board.submit(HERE, **fields).text)
    assert (said in page, ">Code</a>: Too short." in page) == (True, True)


def test_it_is_dropped(board: Browser, fake: FakeServices) -> None:
    fake.says("DELETE", f"{DRAFTS}/d1", None, 204)
    assert board.submit(HERE, do="drop").location == PAGE
    assert fake.seen[-1].method == "DELETE"
