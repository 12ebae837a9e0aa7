"""What people read as the reason."""

from collections.abc import Mapping

import pytest

from services.sampling.domain import Reason, ReasonCode, describe, in_every_language
from shared import i18n

TEXTS: list[tuple[str, Mapping[str, int | str], str]] = [
    ("all", {}, "all candidates whose work can be sampled are in it"),
    ("top", {}, "highest mark"),
    ("top_outcome", {}, "highest outcome"),
    ("bottom", {}, "lowest mark above zero"),
    ("bottom_outcome", {}, "lowest outcome"),
    ("every", {"rank": 9, "of": 58, "step": 4}, "rank 9 of 58, one in every 4"),
    (
        "evenly",
        {"rank": 11, "of": 250, "count": 25},
        "rank 11 of 250, one of 25 spread evenly",
    ),
    ("extra", {"size": 20}, "extra to make 20"),
    ("teacher", {"initials": "CD"}, "so that teacher CD is represented"),
    ("outcome", {"each": 10, "outcome": "100%"}, "one of up to 10 with outcome 100%"),
    (
        "shortfall",
        {"outcome": "Merit", "size": 30},
        "outcome Merit, to make up the sample of 30",
    ),
    ("centre", {}, "added by the centre"),
    ("moderator", {}, "asked for by the moderator"),
    ("board", {}, "asked for by the board"),
]


class Welsh:
    def gettext(self, message: str) -> str:
        return f"CY {message}"


@pytest.mark.parametrize(("code", "values", "text"), TEXTS)
def test_describe(code: str, values: Mapping[str, int | str], text: str) -> None:
    assert describe(Reason(ReasonCode(code), values)) == text


def test_every_code_has_a_text() -> None:
    assert {code for code, _values, _text in TEXTS} == set(ReasonCode)


def test_a_screen_is_translated_and_an_event_has_every_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalogues = {"cy": Welsh(), "en": i18n.catalogue("en")}
    monkeypatch.setattr(i18n, "catalogue", catalogues.__getitem__)

    with i18n.in_language("cy"):
        assert describe(Reason(ReasonCode.EXTRA, {"size": 20})) == "CY extra to make 20"
        assert in_every_language(Reason(ReasonCode.EXTRA, {"size": 20})) == {
            "en": "extra to make 20",
            "cy": "CY extra to make 20",
        }
