"""Tools on RabbitMQ: a user each, who may read one queue, and declare and publish nothing."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

import pika

from shared.bus import EVENTS, Binding
from shared.bus.rabbitmq import looking
from shared.bus.rabbitmq.declaring import bind, declare
from shared.bus.rabbitmq.management import Management
from shared.bus.rabbitmq.topology import QUORUM
from shared.bus.tools import (
    LIFE_SECONDS,
    MOST_BYTES,
    MOST_MESSAGES,
    PREFIX,
    Tool,
    queue_of_tool,
)

NOTHING = "^$"
PASSWORD_BYTES = 32
ARGUMENTS = {
    **QUORUM,
    "x-max-length": MOST_MESSAGES,
    "x-max-length-bytes": MOST_BYTES,
    "x-message-ttl": LIFE_SECONDS * 1000,
    "x-overflow": "drop-head",
}


class RabbitMQTools:
    """The tools of the broker at `url`; `management_url` has an administrator's rights."""

    def __init__(self, url: str, management_url: str) -> None:
        self._url = url
        self._vhost = pika.URLParameters(url).virtual_host
        self._management = Management(management_url, self._vhost)

    def add(self, name: str, bindings: Sequence[Binding]) -> str:
        queue, user, password = queue_of_tool(name), _user(name), secrets.token_hex(PASSWORD_BYTES)
        management = self._management
        declare(management, {queue: ARGUMENTS}, queue, bindings)
        management.call("PUT", f"/users/{user}", {"password": password, "tags": ""})
        may = {"configure": NOTHING, "write": NOTHING, "read": f"^{re.escape(queue)}$"}
        management.call("PUT", management.path("permissions", user), may)
        return self._url_of(user, password)

    def all(self) -> list[Tool]:
        found = self._management.call("GET", self._management.path("queues"))
        names = sorted(one["name"] for one in found if one["name"].startswith(PREFIX))
        patterns: dict[str, list[str]] = {name: [] for name in names}
        for one in self._management.call("GET", self._management.path("bindings")):
            if one["source"] == EVENTS and one["destination"] in patterns:
                patterns[one["destination"]].append(one["routing_key"])
        waiting = looking.ready(self._url, names)
        return [
            Tool(name.removeprefix(PREFIX), tuple(sorted(patterns[name])), waiting[name])
            for name in names
        ]

    def bind(self, name: str, bindings: Sequence[Binding]) -> None:
        bind(self._management, queue_of_tool(name), bindings)

    def remove(self, name: str) -> None:
        self._management.call("DELETE", f"/users/{_user(name)}")
        self._management.call("DELETE", self._management.path("queues", queue_of_tool(name)))

    def close(self) -> None:
        self._management.close()

    def _url_of(self, user: str, password: str) -> str:
        parts = urlsplit(self._url)
        where = parts.netloc.rpartition("@")[2]
        return f"{parts.scheme}://{user}:{password}@{where}/{quote(self._vhost, safe='')}"


def _user(name: str) -> str:
    return f"iamis-tool-{name}"
