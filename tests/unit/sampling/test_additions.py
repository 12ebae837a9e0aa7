"""Additions and further requests over HTTP: what they change, and what is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from services.sampling.domain import Candidate
from shared import clock
from shared.access.principal import Principal
from shared.audit import AuditRow
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    rows_of,
    teacher_of,
    token_for,
)
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import (
    ADDITIONS,
    ADMIN,
    CENTRE,
    NOTE,
    TEACHER,
    add,
    enter,
    know_paper,
    members,
    sample,
    submit,
)
from tests.unit.sampling.moderating import complete, decide, mark_all, slug

TODAY = "2031-05-02"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 5, 2, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("who", "body", "chosen_by", "reason"),
    [
        (TEACHER, {}, "centre", "added by the centre"),
        (MODERATOR, {"due": TODAY}, "moderator", "asked for by the moderator"),
        (BOARD, {"due": "2099-12-31"}, "board", "asked for by the board"),
    ],
    ids=["centre", "moderator", "board"],
)
def test_adding(
    generated: ServiceUnderTest, who: Principal, body: dict[str, str], chosen_by: str, reason: str
) -> None:
    answer = add(generated, who, candidate_nos=["0004", "0002"], note=f"  {NOTE}\n", **body)

    assert answer.status_code == 201
    assert answer.json == sample(generated)
    assert members(answer.json)[:4] == ["0001", "0002", "0003", "0004"]
    added = answer.json["candidates"][1]
    (note,) = answer.json["notes"]
    assert added == {
        "candidate_no": "0002",
        "chosen_by": chosen_by,
        "reason": reason,
        "at": note["at"],
        "note": NOTE,
        "due": body.get("due"),
        "files": 0,
    }
    assert (note["by"], note["text"]) == (who.name, NOTE)
    (event,) = generated.emitted("sample.extended.v1")
    assert [one["candidate_no"] for one in event.data["candidates"]] == members(answer.json)
    assert event.data["candidates"][1]["due"] == body.get("due")
    assert NOTE not in event.to_json().decode()


def test_who_when_from_to_and_why(generated: ServiceUnderTest) -> None:
    add(generated, TEACHER, candidate_nos=["0002"])

    with generated.transaction() as session:
        row = rows_of(session, AuditRow)[-1]
        assert (row.by_id, row.action, row.why) == (TEACHER.user_id, "sample.changed", NOTE)
        assert {*row.after["candidates"]} - {*row.before["candidates"]} == {"0002"}


def refused(generated: ServiceUnderTest, who: Principal, body: dict[str, Any], status: int) -> Any:
    """The refusal; nothing has changed."""
    before = sample(generated)
    answer = add(generated, who, **body)
    assert answer.status_code == status, answer.json
    assert answer.content_type == "application/problem+json"
    assert sample(generated) == before
    assert len(generated.emitted()) == 1
    return answer.json


PLACES = [
    ({"candidate_nos": ["0002", "0001"]}, ["/candidate_nos/1"]),
    ({"candidate_nos": ["0002", "0002"]}, ["/candidate_nos/1"]),
    (
        {"candidate_nos": ["0099", "0002", "0013", "0014"]},
        [f"/candidate_nos/{i}" for i in (0, 2, 3)],
    ),
    ({"candidate_nos": []}, ["/candidate_nos"]),
    ({"candidate_nos": "0002"}, ["/candidate_nos"]),
    ({"candidate_nos": [2]}, ["/candidate_nos/0"]),
    ({"candidate_nos": ["2"]}, ["/candidate_nos/0"]),
    ({"candidate_nos": ["0002\n"]}, ["/candidate_nos/0"]),
    ({"candidate_nos": ["0002"] * 2001}, ["/candidate_nos"]),
    ({"candidate_nos": ["0002"], "note": " \n\t"}, ["/note"]),
    ({"candidate_nos": ["0002"], "note": "x" * 2001}, ["/note"]),
    ({"candidate_nos": ["0002"], "note": "a\0b"}, ["/note"]),
    ({"candidate_nos": ["0002"], "note": None}, ["/note"]),
]
DUES = [
    None,
    "",
    "2031-02-30",
    "20310501",
    "2099-05-01T00:00:00",
    99999999999,
    "2031-05-01",
]


class TestRefusals:
    @pytest.mark.parametrize(("body", "pointers"), PLACES)
    @pytest.mark.parametrize(
        ("who", "due"), [(ADMIN, {}), (MODERATOR, {"due": TODAY})], ids=["centre", "moderator"]
    )
    def test_a_wrong_list_or_note_is_named(
        self,
        generated: ServiceUnderTest,
        who: Principal,
        due: dict[str, str],
        body: dict[str, Any],
        pointers: list[str],
    ) -> None:
        problem = refused(generated, who, {**body, **due}, 422)

        assert [error["pointer"] for error in problem["errors"]] == pointers

    @pytest.mark.parametrize("due", DUES)
    def test_a_wrong_due_date(self, generated: ServiceUnderTest, due: object) -> None:
        problem = refused(generated, MODERATOR, {"candidate_nos": ["0002"], "due": due}, 422)

        assert [error["pointer"] for error in problem["errors"]] == ["/due"]

    def test_the_detail_says_why(self, generated: ServiceUnderTest) -> None:
        body = {"candidate_nos": ["0099", "0003", "0014"]}
        assert refused(generated, ADMIN, body, 422)["detail"] == (
            "No candidate 0099 was submitted. Candidate 0003 is in the sample already. "
            "Candidate 0014 has code CF: there is no work to send."
        )

    @pytest.mark.parametrize(
        ("who", "due", "status"),
        [
            (BOARD, {}, 403),
            (MODERATOR, {}, 403),
            (teacher_of(CENTRE, iamis=False), {}, 403),
            (admin_of("68102"), {}, 404),
            (ADMIN, {"due": TODAY}, 403),
            (admin_of("68102"), {"due": TODAY}, 404),
            (Principal("other", "Other", "appointee", {}, "en", 1), {"due": TODAY}, 404),
        ],
    )
    def test_by_account(
        self, generated: ServiceUnderTest, who: Principal, due: dict[str, str], status: int
    ) -> None:
        refused(generated, who, {"candidate_nos": ["0002"], **due}, status)

    @pytest.mark.parametrize(("who", "due"), [(ADMIN, {}), (BOARD, {"due": TODAY})])
    @pytest.mark.parametrize("linked", [None, ["paper-2"]], ids=["none", "waiting"])
    def test_before_the_sample(
        self,
        sampling: ServiceUnderTest,
        who: Principal,
        due: dict[str, str],
        linked: list[str] | None,
    ) -> None:
        if linked:
            know_paper(sampling, linked=linked)
            enter(sampling, *linked)
            submit(sampling, marked([5, 4]))

        assert add(sampling, who, candidate_nos=["0002"], **due).status_code == 409
        assert sampling.emitted() == []


def test_the_same_request_twice_with_a_key_adds_once(generated: ServiceUnderTest) -> None:
    body = {"candidate_nos": ["0002"], "note": NOTE}
    answers = [
        generated.call("POST", ADDITIONS, ADMIN, json=body, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert len(generated.emitted("sample.extended.v1")) == 1


def test_two_at_the_same_moment_add_once(generated: ServiceUnderTest) -> None:
    barrier = Barrier(8)

    def add_at_once(who: Principal) -> int:
        headers = {"Authorization": f"Bearer {token_for(who)}"}
        body = {"candidate_nos": ["0002", "0004"], "note": NOTE}
        client = generated.app.test_client()
        barrier.wait(timeout=30)
        return client.post(ADDITIONS, json=body, headers=headers).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(add_at_once, [ADMIN, TEACHER] * 4))

    assert statuses == [201, *[422] * 7]
    assert members(sample(generated)).count("0002") == 1
    assert len(sample(generated)["notes"]) == 1
    assert len(generated.emitted("sample.extended.v1")) == 1


def test_added_candidates_stay_when_it_grows(generated: ServiceUnderTest) -> None:
    add(generated, ADMIN, candidate_nos=["0002"])
    before = members(sample(generated))

    submit(generated, [*marked(range(30, 18, -1)), Candidate("0020", mark=50)], "supplementary")

    assert {*before, "0020"} <= {*members(sample(generated))}


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize(
    ("who", "body"), [(ADMIN, {}), (MODERATOR, {"due": TODAY}), (BOARD, {"due": TODAY})]
)
def test_nobody_is_added_once_the_moderation_is_completed(
    generated: ServiceUnderTest, who: Principal, body: dict[str, str], *, approved: bool
) -> None:
    before = members(sample(generated))
    mark_all(generated)
    assert complete(generated, "accepted").status_code == 201
    if approved:
        assert decide(generated).status_code == 201

    refused = add(generated, who, candidate_nos=["0002"], **body)

    assert (refused.status_code, slug(refused)) == (409, "sample-closed")
    assert members(sample(generated)) == before
    assert generated.emitted("sample.extended.v1") == []
    assert decide(generated, "returned", comment="More is needed").status_code == 201
    assert add(generated, who, candidate_nos=["0002"], **body).status_code == 201


def test_the_refusal_is_in_the_reader_s_language(generated: ServiceUnderTest) -> None:
    mark_all(generated)
    complete(generated, "accepted")
    body = {"candidate_nos": ["0002"], "note": NOTE}
    told = generated.call("POST", f"{ADDITIONS}?lang=cy", ADMIN, json=body)
    assert "corff dyfarnu" in (told.json or {})["detail"]
