"""Policy files: the three that are there, and what is said of a faulty one."""

import json
from pathlib import Path

import pytest

from services.sampling.domain import PolicyError, parse_policy
from services.sampling.domain.outcomes import PerOutcome
from services.sampling.domain.rank_order import All, Band, Evenly, Every, RankOrder
from services.sampling.policies import load_policies

Document = dict[str, object]
REST: Document = {"from": 11, "to": None, "method": "evenly", "count": 5}


def document(**changes: object) -> Document:
    return {
        "source": "a test",
        "include_zero": False,
        "cover_teachers": True,
        "bands": [{"from": 1, "to": 10, "method": "all"}, REST],
        **changes,
    }


def test_the_three_policies() -> None:
    policies = load_policies()

    assert set(policies) == {"wjec-rank-order", "even-spread-2026", "per-outcome"}
    assert all(policy.name == name for name, policy in policies.items())
    assert not any(policy.include_zero or policy.cover_teachers for policy in policies.values())
    assert policies["per-outcome"].rule == PerOutcome(each=10, at_most=30)


def test_a_file_becomes_a_policy_of_its_name(tmp_path: Path) -> None:
    bands = [
        {"from": 1, "to": 4, "method": "all"},
        {"from": 5, "to": 9, "method": "every", "step": 2},
        {"from": 10, "to": 20, "method": "every", "step": 5, "fill_to": 6},
        {"from": 21, "to": None, "method": "evenly", "count": 7},
    ]
    (tmp_path / "mine.json").write_text(json.dumps(document(bands=bands)), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a policy", encoding="utf-8")

    policies = load_policies(tmp_path)

    assert list(policies) == ["mine"]
    assert policies["mine"].cover_teachers
    assert policies["mine"].rule == RankOrder(
        (
            Band(1, 4, All()),
            Band(5, 9, Every(2)),
            Band(10, 20, Every(5, 6)),
            Band(21, None, Evenly(7)),
        )
    )


def first_band(**changes: object) -> Document:
    return document(bands=[{"from": 1, "to": 10, "method": "all", **changes}, REST])


def last_band(**changes: object) -> Document:
    return document(bands=[{"from": 1, "to": 10, "method": "all"}, {**REST, **changes}])


def by_outcome(**members: object) -> Document:
    changed = document(per_outcome={"each": 10, "at_most": 30, **members})
    del changed["bands"]
    return changed


@pytest.mark.parametrize(
    ("faulty", "pointers"),
    [
        ([], ["", "/source", "/include_zero", "/cover_teachers", "/bands", "/bands"]),
        (document(source=" "), ["/source"]),
        (document(include_zero=0), ["/include_zero"]),
        (document(cover_teachers=None), ["/cover_teachers"]),
        (document(surprise=1), ["/surprise"]),
        (document(bands=[]), ["/bands"]),
        (document(bands={}), ["/bands"]),
        (document(bands=[1]), ["/bands/0", "/bands/0/from", "/bands/0/method"]),
        (document(per_outcome={"each": 1, "at_most": 1}), ["/bands", "/bands"]),
        (first_band(**{"from": 2}), ["/bands/0/from"]),
        (first_band(**{"from": True}), ["/bands/0/from"]),
        (first_band(to=0), ["/bands/0/to", "/bands/1/from"]),
        (first_band(to=9), ["/bands/1/from"]),
        (first_band(to=11), ["/bands/1/from"]),
        (first_band(to=None), ["/bands/0/to", "/bands/1/from"]),
        (first_band(method="some"), ["/bands/0/method"]),
        (first_band(step=2), ["/bands/0/step"]),
        (first_band(method="every"), ["/bands/0/step"]),
        (first_band(method="every", step=1), ["/bands/0/step"]),
        (first_band(method="every", step=2.5), ["/bands/0/step"]),
        (first_band(method="every", step=2, fill_to=1), ["/bands/0/fill_to", "/bands/0/fill_to"]),
        (first_band(method="every", step=2, fill_to=4), ["/bands/0/fill_to"]),
        (last_band(to=99), ["/bands/1/to"]),
        (last_band(count=1), ["/bands/1/count"]),
        (last_band(count="5"), ["/bands/1/count"]),
        (last_band(method="every", step=5, fill_to=9), ["/bands/1/fill_to", "/bands/1/count"]),
        (by_outcome(each=0), ["/per_outcome/each"]),
        (by_outcome(at_most=9), ["/per_outcome/at_most"]),
        (by_outcome(least=1), ["/per_outcome/least"]),
    ],
)
def test_everything_wrong_is_named(faulty: object, pointers: list[str]) -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy("mine", json.dumps(faulty))

    assert [problem.pointer for problem in caught.value.problems] == pointers
    assert str(caught.value).startswith(f"mine{pointers[0]}: ")


@pytest.mark.parametrize("text", ["", "{", b"\xff\xfe\xfa"])
def test_what_is_not_json_is_told_with_the_name(text: str | bytes) -> None:
    with pytest.raises(PolicyError, match=r"^mine: is not JSON: "):
        parse_policy("mine", text)
