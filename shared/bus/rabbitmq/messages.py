"""Messages on their way into RabbitMQ and out of it."""

from dataclasses import dataclass, field
from typing import Any

import pika

from shared.bus import DeadLetter, Message

CONTENT_TYPE = "application/cloudevents+json"
ATTEMPTS = "x-iamis-attempts"
ERROR = "x-iamis-error"
# Where a copy came from: it travels through the default exchange, under its queue's name.
EXCHANGE = "x-iamis-exchange"
ROUTING_KEY = "x-iamis-routing-key"
DEFAULT_EXCHANGE = ""
# More than any ladder has steps: what cannot be read counts as tried for long enough.
ABOVE_THE_LADDER = 10**6


@dataclass(frozen=True)
class Outgoing:
    """A message and where it goes."""

    message: Message
    exchange: str
    routing_key: str
    headers: dict[str, Any] = field(default_factory=dict)

    @property
    def properties(self) -> pika.BasicProperties:
        return pika.BasicProperties(
            message_id=self.message.id,
            content_type=CONTENT_TYPE,
            delivery_mode=pika.DeliveryMode.Persistent.value,
            headers=self.headers,
        )


def event(message: Message) -> Outgoing:
    """The message to everybody who is bound to it."""
    return Outgoing(message, message.exchange, message.routing_key)


def copy(message: Message, queue: str, attempts: int = 0, error: str = "") -> Outgoing:
    """The message to `queue` alone, after so many attempts."""
    headers: dict[str, Any] = {
        EXCHANGE: message.exchange,
        ROUTING_KEY: message.routing_key,
        ATTEMPTS: attempts,
    }
    if error:
        headers[ERROR] = error
    return Outgoing(message, DEFAULT_EXCHANGE, queue, headers)


@dataclass(frozen=True)
class Delivery:
    """A message in hand: `tag` acknowledges it on the channel that it came by."""

    tag: int
    message: Message
    attempts: int
    error: str

    @property
    def dead_letter(self) -> DeadLetter:
        return DeadLetter(self.message, self.error)


def delivery(
    method: pika.spec.Basic.Deliver | pika.spec.Basic.GetOk,
    properties: pika.BasicProperties,
    body: bytes,
) -> Delivery:
    headers = properties.headers or {}
    message = Message(
        properties.message_id or "",
        headers.get(EXCHANGE, method.exchange),
        headers.get(ROUTING_KEY, method.routing_key),
        body,
    )
    attempts = _attempts(headers.get(ATTEMPTS, 0))
    return Delivery(method.delivery_tag, message, attempts, str(headers.get(ERROR, "")))


def _attempts(told: object) -> int:
    """The number of attempts; a number that is none must not begin the ladder anew, for ever."""
    if type(told) is int and 0 <= told < ABOVE_THE_LADDER:
        return told
    return ABOVE_THE_LADDER
