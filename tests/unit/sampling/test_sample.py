"""The sample over HTTP: who sees it, and what."""

import pytest

from shared import i18n
from shared.access.principal import Principal
from tests.support.metrics import Moved
from tests.support.service import (
    BOARD,
    MODERATOR,
    ServiceUnderTest,
    admin_of,
    teacher_of,
)
from tests.unit.sampling.builders import marked
from tests.unit.sampling.events import (
    ADMIN,
    CENTRE,
    PAPER,
    TEACHER,
    URL,
    add,
    know_paper,
    members,
    submit,
)

LISTS = {"candidates", "not_eligible", "notes"}
UNKNOWN = URL.replace(PAPER, "paper-9")


@pytest.mark.parametrize("who", [ADMIN, TEACHER, MODERATOR, BOARD], ids=lambda who: who.user_id)
def test_the_shape(generated: ServiceUnderTest, who: Principal) -> None:
    answer = generated.call("GET", URL, who)

    assert answer.status_code == 200
    seen = answer.json
    assert seen is not None
    assert seen.keys() == {"state", "policy", "last_submitted_at", *LISTS}
    assert members(seen) == ["0001", "0003", "0005", "0007", "0009", "0011", "0012"]
    second = seen["candidates"][1]
    assert second.pop("at").endswith("+00:00")
    assert second == {
        "candidate_no": "0003",
        "chosen_by": "system",
        "reason": "rank 3 of 12, one in every 2",
        "note": None,
        "due": None,
        "files": 0,
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (teacher_of(CENTRE, iamis=False), 403),
        (admin_of("68102"), 404),
        (Principal("other", "Other", "appointee", {}, "en", 1), 404),
    ],
)
def test_who_may_not(generated: ServiceUnderTest, who: Principal | None, status: int) -> None:
    assert generated.call("GET", URL, who).status_code == status


@pytest.mark.parametrize("who", [ADMIN, BOARD])
def test_an_unknown_paper_has_none(sampling: ServiceUnderTest, who: Principal) -> None:
    answer = sampling.call("GET", UNKNOWN, who)

    assert answer.status_code == 200
    assert answer.json == {
        "state": "none",
        "policy": None,
        "last_submitted_at": None,
        "candidates": [],
        "not_eligible": [],
        "notes": [],
    }


def test_a_moderator_sees_it_once_submitted(sampling: ServiceUnderTest) -> None:
    sampling.allocate(CENTRE, PAPER)
    know_paper(sampling)
    assert sampling.call("GET", URL, MODERATOR).status_code == 404

    submit(sampling, marked([5]))

    assert sampling.call("GET", URL, MODERATOR).status_code == 200


def test_in_the_readers_language(
    generated: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Welsh:
        def gettext(self, message: str) -> str:
            return f"CY {message}"

    catalogues = {"cy": Welsh(), "en": i18n.catalogue("en")}
    monkeypatch.setattr(i18n, "catalogue", catalogues.__getitem__)

    add(generated, ADMIN, candidate_nos=["0002"])
    seen = generated.call("GET", f"{URL}?lang=cy", ADMIN).json

    assert seen is not None
    assert [one["reason"] for one in seen["candidates"][:2]] == [
        "CY highest mark",
        "CY added by the centre",
    ]
    (event,) = generated.emitted("sample.extended.v1")
    assert event.data["candidates"][1]["reason"] == "added by the centre"


def test_the_document_describes_the_routes(sampling: ServiceUnderTest) -> None:
    document = sampling.call("GET", "/api/sampling/openapi.json").json

    assert document is not None
    assert {path.rpartition("/")[2] for path in document["paths"]} == {
        "sample",
        "additions",
        "further-requests",
        "timeline",
        "policies",
        "moderations",
        "moderation",
        "marks",
        "preview",
        "completion",
        "decision",
    }
    assert "sampling.SampledJson" in document["components"]["schemas"]


def test_samples_are_counted_by_policy_and_their_candidates_by_reason(
    sampling: ServiceUnderTest,
) -> None:
    moved = Moved()
    know_paper(sampling)
    submit(sampling, marked(range(30, 18, -1)))
    ((policy,),) = moved.of("iamis_samples_made_total")
    assert moved.of("iamis_samples_made_total") == {(policy,): 1}
    reasons = moved.of("iamis_sampled_candidates_total")
    seen = sampling.call("GET", URL, BOARD).json
    assert seen is not None
    assert policy == seen["policy"]
    assert sum(reasons.values()) == len(seen["candidates"]) > 0
