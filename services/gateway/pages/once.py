"""A form sent twice, by a second click, is done once."""

import hashlib

from flask import json, request

from services.gateway.calls import Json


def once(body: Json) -> str:
    """The key of this form, from its field `once`, and of what was typed; empty without it."""
    form = request.form.get("once", "")[:100]
    typed = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return f"{form}-{typed}" if form else ""
