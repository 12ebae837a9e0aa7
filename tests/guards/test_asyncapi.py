"""`docs/asyncapi.yaml` is valid AsyncAPI 3.0, and tells of every event as the code has it."""

import re

import yaml
from asyncapi3 import AsyncAPI3

from deploy.asyncapi import DOCUMENT, document, written
from shared.events.envelope import Envelope
from shared.events.schemas import EVENT_TYPES
from tests.guards.tree import ROOT

EVENTS = ROOT / "docs" / "events.md"


def test_the_document_is_in_step_with_the_schemas() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == written(), "run `make asyncapi`"


def test_the_document_is_asyncapi() -> None:
    read = AsyncAPI3.model_validate(yaml.safe_load(DOCUMENT.read_text(encoding="utf-8")))
    assert len(read.channels.root) == len(EVENT_TYPES)


def test_every_address_is_the_routing_key_of_its_events() -> None:
    for key in EVENT_TYPES:
        address = str(document()["channels"][key.replace(".", "_")]["address"])
        sent = Envelope("id", key, "68101/paper-1", "", 1, "", {}).routing_key
        assert address.startswith(f"{key}.")
        assert address.count(".") == sent.count(".")


def test_the_example_in_the_documents_is_an_event() -> None:
    """The first is a whole envelope; `test_event_examples.py` has what the others are."""
    found = re.search(r"```json\n(.*?)```", EVENTS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    example = found[1]
    assert Envelope.from_json(example.encode()).key == "sample.generated.v1"
