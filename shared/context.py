"""What belongs to the request or event being worked on: its id and its place in the trace.

`traceparent` follows the W3C Trace Context recommendation, version 00.
"""

import re
import secrets
from contextvars import ContextVar

TRACEPARENT = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_traceparent: ContextVar[str] = ContextVar("traceparent", default="")


def _new_traceparent() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def joined(traceparent: str) -> str:
    """The trace that a stranger names, with our own flags: what is recorded is ours to decide."""
    return f"{traceparent[:-2]}01" if TRACEPARENT.fullmatch(traceparent) else ""


def begin(request_id: str = "", traceparent: str = "") -> None:
    """Take over what the caller sent where it is well formed, else begin anew."""
    _request_id.set(request_id if REQUEST_ID.fullmatch(request_id) else secrets.token_hex(16))
    _traceparent.set(traceparent if TRACEPARENT.fullmatch(traceparent) else _new_traceparent())


def request_id() -> str:
    return _request_id.get()


def traceparent() -> str:
    return _traceparent.get() or _new_traceparent()
