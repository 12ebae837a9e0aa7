"""The worked examples of `docs/events.md` are events as their schemas have them."""

import json
import re

import pytest

from shared.events.schemas import EVENT_TYPES
from tests.guards.tree import ROOT

EXAMPLE = re.compile(
    r"^`([a-z_.]+\.v1)` \(from (\w+)\).*?```json\n(.*?)```", re.MULTILINE | re.DOTALL
)
FOUND = EXAMPLE.findall((ROOT / "docs" / "events.md").read_text(encoding="utf-8"))
# What the work of a moderator is told by.
NEEDED = {
    "marks.submitted.v1",
    "sample.extended.v1",
    "clerical_error.recorded.v1",
    "clerical_error.acknowledged.v1",
    "moderation.decided.v1",
    "moderation.returned.v1",
    "moderator_report.published.v1",
    "submission.reopened.v1",
}


def test_each_that_a_moderators_tool_needs_has_one() -> None:
    assert {key for key, _source, _text in FOUND} == NEEDED


@pytest.mark.parametrize(("key", "source", "text"), FOUND)
def test_an_example_is_such_an_event(key: str, source: str, text: str) -> None:
    assert EVENT_TYPES[key].source == source
    EVENT_TYPES[key].check(json.loads(text))
