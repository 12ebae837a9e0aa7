"""Asking one server of this machine, without a client's patience."""

import http.client
import json
from typing import Any


def answer(port: int, path: str, host: str = "127.0.0.1") -> Any:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def answers(port: int, host: str = "127.0.0.1") -> bool:
    try:
        return bool(answer(port, "/readyz", host))
    except (OSError, http.client.HTTPException):
        return False
