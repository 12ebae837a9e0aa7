"""A user who is restricted to qualifications or papers has a token that says so."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from werkzeug.test import TestResponse

from services.identity.commands.accounts import Place
from services.identity.models import Paper
from shared import clock
from shared.audit import AuditRow
from tests.support.service import admin_of, rows_of
from tests.unit.identity.people import Person, Portal

USERS = "/api/identity/centres/68101/users"
UNRESTRICTED: dict[str, list[str]] = {"qualifications": [], "papers": [], "teaching_sets": []}
PAPERS = {
    "p1": ("3100U4", "GCSE"),
    "p2": ("3100U5", "GCSE"),
    "p3": ("3100U4", "GCSE"),
    "p4": ("4543U1", "APPLIED LEVEL 3"),
}


@pytest.fixture
def dewi(portal: Portal) -> Person:
    with portal.service.transaction() as session:
        session.add_all(_paper(paper_id, *named) for paper_id, named in PAPERS.items())
    return portal.add("dewi@bryn.example", places=(Place("68101", "user", iamis=True),))


def _paper(paper_id: str, code: str, qualification: str, year: int = 2031) -> Paper:
    series = {"month": "JUNE", "year": year}
    title = f"{qualification} JUNE {year} HISTORY ({code})"
    return Paper(
        id=paper_id, code=code, qualification=qualification, full_title=title, series=series
    )


def restrict(portal: Portal, who: Person, **restrictions: Iterable[str]) -> TestResponse:
    path, wanted = f"{USERS}/{who.id}", {"restrictions": restrictions}
    return portal.service.call("PATCH", path, admin_of("68101"), json=wanted)


def seen(portal: Portal, who: Person, refresh_token: str) -> list[str] | None:
    token = (portal.refresh(refresh_token).json or {})["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["sub"] == who.id
    papers: list[str] | None = claims["centres"]["68101"].get("papers")
    return papers


@pytest.mark.parametrize(
    ("restrictions", "papers"),
    [
        ({"papers": ["3100U4"]}, ["p1", "p3"]),
        ({"qualifications": ["APPLIED LEVEL 3"]}, ["p4"]),
        ({"qualifications": ["Applied level 3"]}, ["p4"]),
        ({"qualifications": ["GCSE"], "papers": ["4543U1"]}, ["p1", "p2", "p3", "p4"]),
        ({"papers": ["9999U9"]}, []),
        ({"teaching_sets": ["10A"]}, None),
        ({}, None),
    ],
    ids=str,
)
def test_the_token_names_the_papers_there_are(
    portal: Portal, dewi: Person, restrictions: dict[str, list[str]], papers: list[str] | None
) -> None:
    tokens = portal.sign_in(dewi)
    answer = restrict(portal, dewi, **restrictions)
    assert answer.status_code == 200
    assert (answer.json or {})["restrictions"] == UNRESTRICTED | {
        name: sorted(values) for name, values in restrictions.items()
    }
    assert seen(portal, dewi, tokens["refresh_token"]) == papers


@pytest.mark.parametrize(
    ("month", "year", "nearest"), [(7, 2031, 2031), (10, 2031, 2032), (2, 2032, 2032)]
)
def test_of_more_papers_than_a_token_holds_the_nearest_series_are_in_it(
    portal: Portal,
    dewi: Person,
    monkeypatch: pytest.MonkeyPatch,
    month: int,
    year: int,
    nearest: int,
) -> None:
    with portal.service.transaction() as session:
        session.add_all(
            _paper(f"y{of}-{number:02}", f"{of}U{number:02}", "GCE", of)
            for of in (2031, 2032)
            for number in range(90)
        )
    restrict(portal, dewi, qualifications=["GCE"])
    monkeypatch.setattr(clock, "now", lambda: datetime(year, month, 1, tzinfo=UTC))
    papers = seen(portal, dewi, portal.sign_in(dewi)["refresh_token"]) or []
    near = [paper_id for paper_id in papers if paper_id.startswith(f"y{nearest}")]
    assert (len(near), len(papers)) == (90, 100)


def test_it_holds_with_tokens_already_issued_and_is_noted(portal: Portal, dewi: Person) -> None:
    tokens = portal.sign_in(dewi)
    restrict(portal, dewi, papers=["3100U4"])
    refused = portal.call("GET", "/me", token=tokens["access_token"])
    assert (refused.json or {})["type"] == "urn:iamis:problem:stale-token"
    with portal.service.database.reading() as session:
        row = next(row for row in rows_of(session, AuditRow) if row.action == "user.changed")
    assert row.after["restrictions"]["papers"] == ["3100U4"]


def test_nothing_is_kept_from_an_admin(portal: Portal, dewi: Person) -> None:
    portal.add("carys@bryn.example")
    tokens = portal.sign_in(dewi)
    restrict(portal, dewi, papers=["3100U4"])
    path = f"{USERS}/{dewi.id}"
    portal.service.call("PATCH", path, admin_of("68101"), json={"account_type": "admin"})
    assert seen(portal, dewi, tokens["refresh_token"]) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"papers": "3100U4"},
        {"papers": [""]},
        {"papers": ["x"] * 51},
        {"teaching_sets": ["ŵ" * 99] * 3},
    ],
)
def test_what_cannot_be_read_is_refused(portal: Portal, dewi: Person, wrong: Any) -> None:
    assert restrict(portal, dewi, **wrong).status_code == 422


def test_the_token_names_the_teaching_sets(portal: Portal, dewi: Person) -> None:
    tokens = portal.sign_in(dewi)
    restrict(portal, dewi, teaching_sets=["10C", "10A"], papers=["3100U4"])
    token = (portal.refresh(tokens["refresh_token"]).json or {})["access_token"]
    here = jwt.decode(token, options={"verify_signature": False})["centres"]["68101"]
    assert here["sets"] == ["10A", "10C"]
    assert sorted(here["papers"]) == ["p1", "p3"]
    event = portal.service.emitted("user.access_changed.v1")[-1]
    assert event.data["grants"]["68101"]["sets"] == ["10A", "10C"]
