"""The event types: one JSON Schema file each, which also names the source and the exchange."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs

FOLDER = Path(__file__).parent / "schemas"


class InvalidEventError(ValueError):
    """An event does not fit the schema of its envelope, or its data that of its type."""


@dataclass(frozen=True)
class EventType:
    """One type of event. `key` begins its routing keys: `marks.submitted.v1`.

    Of a `sealed` one nobody of a centre may hear before results day.
    """

    key: str
    source: str
    exchange: str
    schema: Mapping[str, Any]
    validator: jsonschema_rs.Draft202012Validator
    sealed: bool

    @property
    def type(self) -> str:
        return f"iamis.{self.key}"

    def check(self, data: Mapping[str, object]) -> None:
        """Raise `InvalidEventError` naming the first place where `data` breaks the schema."""
        require(self.validator, dict(data), self.key)


def validator_of(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """What checks by it: its errors are logged, and name no value, which may be personal."""
    return jsonschema_rs.Draft202012Validator(dict(schema), mask="the value")


def require(validator: jsonschema_rs.Draft202012Validator, read: object, what: str) -> None:
    """Raise `InvalidEventError` naming the first place where `read` breaks the schema."""
    for error in validator.iter_errors(read):
        where = "/".join(str(step) for step in error.instance_path)
        message = f"{what}: /{where}: {error.message}"
        raise InvalidEventError(message)


def _load(path: Path) -> EventType:
    schema = json.loads(path.read_text(encoding="utf-8"))
    return EventType(
        key=path.stem,
        source=schema["x-source"],
        exchange=schema["x-exchange"],
        schema=schema,
        validator=validator_of(schema),
        sealed=schema.get("x-sealed", False),
    )


EVENT_TYPES: Mapping[str, EventType] = {
    path.stem: _load(path) for path in sorted(FOLDER.glob("*.json"))
}
