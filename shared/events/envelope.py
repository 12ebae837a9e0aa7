"""The CloudEvents 1.0 envelope in its JSON form.

`sequence` is the extension that orders events of one (source, subject); `traceparent` joins an
event to the request that caused it.
"""

import json
from dataclasses import dataclass
from typing import Any, Self

from shared.events.schemas import EVENT_TYPES, EventType

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json"


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
        """Read and check an event; `InvalidEventError` where the data breaks its schema."""
        read = json.loads(body)
        envelope = cls(
            id=read["id"],
            key=read["type"].removeprefix("iamis."),
            subject=read["subject"],
            time=read["time"],
            sequence=read["sequence"],
            traceparent=read["traceparent"],
            data=read["data"],
        )
        envelope.event_type.check(envelope.data)
        return envelope
