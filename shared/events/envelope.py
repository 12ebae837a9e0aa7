"""The CloudEvents 1.0 envelope in its JSON form.

`sequence` is the extension that orders events of one (source, subject); `traceparent` joins an
event to the request that caused it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from shared.events.schemas import (
    EVENT_TYPES,
    EventType,
    InvalidEventError,
    require,
    validator_of,
)

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json"
# What the tables of events keep of one fits into their columns.
CLOUD_EVENT: Mapping[str, Any] = {
    "type": "object",
    "description": "The CloudEvents 1.0 envelope, in its JSON form.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
    "properties": {
        "specversion": {"const": SPEC_VERSION},
        "id": {
            "type": "string",
            "format": "uuid",
            "pattern": "^[!-~]{1,36}$",
            "description": "UUIDv7; also the message id.",
        },
        "source": {"type": "string", "description": "The service that tells it."},
        "type": {"type": "string"},
        "subject": {
            "type": "string",
            "minLength": 1,
            "maxLength": 120,
            "description": "What it is about.",
        },
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "sequence": {
            "type": "integer",
            "minimum": 1,
            "maximum": 2**63 - 1,
            "description": "Orders the events of one source and subject; a lower one is older.",
        },
        "traceparent": {"type": "string", "description": "W3C trace context of its cause."},
        "data": {"type": "object"},
    },
}
_VALIDATOR = validator_of(CLOUD_EVENT)


@dataclass(frozen=True)
class Envelope:
    """One event. `key` is its type without the `iamis.` in front; `time` is RFC 3339, UTC."""

    id: str
    key: str
    subject: str
    time: str
    sequence: int
    traceparent: str
    data: dict[str, Any]

    @property
    def event_type(self) -> EventType:
        return EVENT_TYPES[self.key]

    @property
    def routing_key(self) -> str:
        return f"{self.key}.{self.subject.replace('/', '.')}"

    def to_json(self) -> bytes:
        body = {
            "specversion": SPEC_VERSION,
            "id": self.id,
            "source": f"/iamis/{self.event_type.source}",
            "type": self.event_type.type,
            "subject": self.subject,
            "time": self.time,
            "datacontenttype": "application/json",
            "sequence": self.sequence,
            "traceparent": self.traceparent,
            "data": self.data,
        }
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read and check an event; `InvalidEventError` where it or its data breaks its schema."""
        read = json.loads(body)
        _check(read)
        envelope = cls(
            id=read["id"],
            key=read["type"].removeprefix("iamis."),
            subject=read["subject"],
            time=read["time"],
            sequence=read["sequence"],
            traceparent=read.get("traceparent", ""),
            data=read["data"],
        )
        envelope.event_type.check(envelope.data)
        return envelope


def _check(read: Any) -> None:  # noqa: ANN401 - whatever somebody sent
    require(_VALIDATOR, read, "envelope")
    try:
        instant = datetime.fromisoformat(read["time"])
    except ValueError as error:
        raise InvalidEventError("envelope: /time: the value is no instant") from error
    if instant.tzinfo is None:
        raise InvalidEventError("envelope: /time: the value has no offset")
