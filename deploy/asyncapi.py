"""Writes `docs/asyncapi.yaml` from the schemas of the events: `make asyncapi`."""

import re
from pathlib import Path
from typing import Any

import yaml

from shared.bus import INTERNAL
from shared.events.envelope import CLOUD_EVENT, CONTENT_TYPE
from shared.events.schemas import EVENT_TYPES, EventType

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "asyncapi.yaml"
SUBJECT = re.compile(r" Subject: (?P<form>.+)\.$")
PART = re.compile(r"<([a-z ]+)>")
HEADER = "# Made from shared/events/schemas by `make asyncapi`: do not edit.\n"

Json = dict[str, Any]


def document() -> Json:
    """The whole AsyncAPI 3.0 document."""
    types = EVENT_TYPES.values()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "IAMIS events",
            "version": "1",
            "description": (
                "Every change that others build on, as CloudEvents over AMQP 0-9-1. Delivery is"
                " at least once: a consumer knows an event by its id. Order is told by `sequence`"
                " and never by arrival. A version gains fields and changes no meaning."
            ),
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {_name(one): _channel(one) for one in types},
        "operations": {f"send_{_name(one)}": _operation(one) for one in types},
        "components": {
            "messages": {_name(one): _message(one) for one in types},
            "schemas": {"CloudEvent": CLOUD_EVENT} | {_name(one): _schema(one) for one in types},
        },
    }


def subject_form(event_type: EventType) -> str:
    """How its subject is built, such as `<centre>/<paper id>`; its description says so."""
    found = SUBJECT.search(event_type.schema["description"])
    if found is None:
        message = f"{event_type.key}: the description must end in `Subject: <form>.`"
        raise ValueError(message)
    return found["form"]


def _name(event_type: EventType) -> str:
    return event_type.key.replace(".", "_")


def _channel(event_type: EventType) -> Json:
    form = subject_form(event_type)
    parts = {part.replace(" ", "_"): {"description": f"The {part}."} for part in PART.findall(form)}
    key = PART.sub(lambda part: "{" + part[1].replace(" ", "_") + "}", form).replace("/", ".")
    channel: Json = {
        "address": f"{event_type.key}.{key}",
        "messages": {_name(event_type): {"$ref": f"#/components/messages/{_name(event_type)}"}},
        "bindings": {
            "amqp": {
                "is": "routingKey",
                "exchange": {"name": event_type.exchange, "type": "topic", "durable": True},
                "bindingVersion": "0.3.0",
            }
        },
    }
    return channel | ({"parameters": parts} if parts else {})


def _operation(event_type: EventType) -> Json:
    name = _name(event_type)
    who = "between services only" if event_type.exchange == INTERNAL else "for tools too"
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"Told by {event_type.source}, {who}.",
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "mandatory": True, "bindingVersion": "0.3.0"}},
    }


def _message(event_type: EventType) -> Json:
    told = {
        "source": {"const": f"/iamis/{event_type.source}"},
        "type": {"const": event_type.type},
        "data": {"$ref": f"#/components/schemas/{_name(event_type)}"},
    }
    return {
        "name": event_type.type,
        "title": event_type.schema["title"],
        "summary": event_type.schema["description"],
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [{"$ref": "#/components/schemas/CloudEvent"}, {"properties": told}]},
    }


def _schema(event_type: EventType) -> Json:
    """The JSON Schema of the data, without what is ours alone."""
    return {
        name: value
        for name, value in event_type.schema.items()
        if not name.startswith(("x-", "$schema"))
    }


def written() -> str:
    """The document as it is to stand in the file."""
    return HEADER + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=100)


if __name__ == "__main__":
    DOCUMENT.write_text(written(), encoding="utf-8")
