"""An answer is in the language asked for, and Welsh counts as Welsh does."""

from dataclasses import replace

import pytest

from shared.i18n import in_language, ngettext
from tests.support.service import ServiceUnderTest, admin_of

UNSEEN = "/api/sample/centres/68101/papers/unseen"
ENGLISH = ("Not found", "There is no such thing here.")
WELSH = ("Heb ei ganfod", "Nid oes dim byd o'r fath yma.")

pytestmark = pytest.mark.usefixtures("translated")


@pytest.mark.parametrize(
    ("query", "asked", "account", "answer"),
    [
        ("", "", "en", ENGLISH),
        ("?lang=cy", "en", "en", WELSH),
        ("?lang=en", "cy", "cy", ENGLISH),
        ("?lang=xx", "cy-GB,cy;q=0.9,en;q=0.5", "en", WELSH),
        ("", "de,cy;q=0.5", "en", WELSH),
        ("", "en", "cy", ENGLISH),
        ("", "", "cy", WELSH),
        ("", "de", "cy", WELSH),
    ],
)
def test_a_refusal_is_in_the_readers_language(
    under_test: ServiceUnderTest, query: str, asked: str, account: str, answer: tuple[str, str]
) -> None:
    who = replace(admin_of("68101"), language=account)
    headers = {"Accept-Language": asked} if asked else {}
    refusal = under_test.call("PUT", UNSEEN + query, who, headers=headers, json={"version": 1})
    assert refusal.json is not None
    assert (refusal.json["title"], refusal.json["detail"]) == answer


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 tasg"), (1, "1 dasg"), (2, "2 dasg"), (3, "3 tasg"), (5, "5 tasg"), (6, "6 thasg")],
)
def test_a_number_changes_the_word_after_it(number: int, said: str) -> None:
    with in_language("cy"):
        text = ngettext("This paper has %(num)s task.", "This paper has %(num)s tasks.", number)
    assert text == f"Mae gan y papur hwn {said}."
