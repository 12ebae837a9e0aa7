"""What the joined OpenAPI document says of `GET /api/events`."""

from typing import Any

from shared.web.openapi import LANGUAGE, SCHEMAS
from shared.web.problems import PROBLEM

EVENT_STREAM = "text/event-stream"
_REFUSED = {
    "description": "Refused",
    "content": {PROBLEM: {"schema": {"$ref": f"{SCHEMAS}Problem"}}},
}
_TEXT = {"type": "string", "pattern": "^[0-9]{1,18}$"}
_LAST_SEEN = "The id of the last event seen: what came after it is sent first, and nothing twice."
_STREAM = (
    "Server-sent events. The data of each is a CloudEvent of `iamis.events` (docs/asyncapi.yaml) "
    "that the account may see. The stream ends with the token, and when access changes. An event "
    "named `lost` says that what was missed is no longer kept (24 hours): look at everything anew."
)

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/events": {
            "get": {
                "operationId": "gateway_events",
                "tags": ["gateway"],
                "summary": "What happens, as it happens.",
                "description": "Allowed: any account, and a browser with its cookie.",
                "parameters": [
                    {
                        "name": "Last-Event-ID",
                        "in": "header",
                        "description": _LAST_SEEN,
                        "schema": _TEXT,
                    },
                    {
                        "name": "last_event_id",
                        "in": "query",
                        "description": "The same, for clients that cannot send the header.",
                        "schema": _TEXT,
                    },
                    LANGUAGE,
                ],
                "responses": {
                    "200": {
                        "description": _STREAM,
                        "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
                    },
                    **{str(status): _REFUSED for status in (400, 401, 429, 503)},
                },
                "security": [{"bearer": []}],
            }
        }
    },
    "components": {"schemas": {}},
}
