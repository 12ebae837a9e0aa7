"""Every event has a schema, a producer and a consumer, and every queue is consumed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.bus import EVENTS, INTERNAL
from shared.events.schemas import EVENT_TYPES
from shared.service import load_service, service_names
from tests.guards.tree import ROOT, modules, plant

KEY = re.compile(r"[a-z_]+\.[a-z_]+\.v[0-9]+")


def emitted(root: Path) -> dict[str, set[str]]:
    """The event keys given to `emit(session, KEY, …)`, by the service that does."""
    found: dict[str, set[str]] = {}
    for path, tree in modules(root, ("services",)):
        service = path.relative_to(root / "services").parts[0]
        for key in _emitted_keys(tree):
            found.setdefault(key, set()).add(service)
    return found


def _emitted_keys(tree: ast.Module) -> Iterator[str]:
    """Every text in a call of `emit` that reads as an event key."""
    for call in ast.walk(tree):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "emit"
        ):
            for node in ast.walk(call):
                if isinstance(node, ast.Constant) and KEY.fullmatch(str(node.value)):
                    yield str(node.value)


def handled() -> set[str]:
    return {key for name in service_names() for key in load_service(name).handlers}


def test_every_emitted_event_has_a_schema_and_comes_from_its_source() -> None:
    for key, services in emitted(ROOT).items():
        assert key in EVENT_TYPES, f"{key} is emitted and has no schema"
        assert services == {EVENT_TYPES[key].source}, f"{key} is emitted by {services}"


@pytest.mark.parametrize("key", sorted(EVENT_TYPES))
def test_every_schema_has_a_producer_and_a_consumer(key: str) -> None:
    assert key in emitted(ROOT), f"nobody emits {key}"
    assert key in handled(), f"nobody handles {key}"
    assert EVENT_TYPES[key].exchange in {EVENTS, INTERNAL}


def test_every_handled_event_has_a_schema() -> None:
    assert handled() <= set(EVENT_TYPES)


# What carries no state of its own that `iamis republish` could tell, and why.
NO_STATE = {
    "evidence.received.v1": "the receipt of a sitting: told again, it would be no news",
    "moderator_report.returned.v1": "a mail to its writer; what is given back reports alone keeps",
    "reminder.due.v1": "what was reminded of is past, and what is missing is told by others",
    "sample.extended.v1": "sample.generated.v1 tells all of a sample, whoever chose and when",
}


def handled_and_not_told_again() -> set[str]:
    """The types that some service handles and their producer does not tell again."""
    present = {name: set(load_service(name).present) for name in service_names()}
    return {key for key in handled() if key not in present[EVENT_TYPES[key].source]}


def test_every_handled_event_is_told_again_or_has_no_state() -> None:
    assert handled_and_not_told_again() == set(NO_STATE)


@pytest.mark.parametrize("name", service_names())
def test_a_service_tells_again_what_is_its_own(name: str) -> None:
    sources = {EVENT_TYPES[key].source for key in load_service(name).present}
    assert sources <= {name}


@pytest.mark.parametrize("key", sorted(EVENT_TYPES))
def test_a_schema_says_what_every_field_is(key: str) -> None:
    schema = EVENT_TYPES[key].schema
    assert schema["title"]
    assert schema["description"]
    assert set(schema["required"]) <= set(schema["properties"])


def test_a_planted_emit_is_found(tmp_path: Path) -> None:
    code = 'from shared.events.outbox import emit\nemit(session, "planted.event.v1", "a", {})\n'
    assert emitted(plant(tmp_path, "services/marks/planted.py", code)) == {
        "planted.event.v1": {"marks"}
    }
