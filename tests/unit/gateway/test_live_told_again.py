"""A gateway that was lost, and is told the present state again."""

import json

from sqlalchemy import select

from services.gateway.models import LiveEvent
from tests.support.service import ServiceUnderTest


def test_a_new_gateway_takes_in_every_type_of_a_subject(gateway: ServiceUnderTest) -> None:
    """Told again, they share the newest sequence."""
    at = "2031-05-20T09:30:00+00:00"
    said = {"centre_no": "68101", "paper_id": "p1", "why": "w"}
    count = {"submissions": 1, "candidates": 2}
    reopened = {"before": count, "after": count, "reopened_by": "u1", "reopened_at": at}
    until = {"marks_deadline": "2031-06-01"}
    asked = {"before": until, "after": until, "requested_by": "u1", "requested_at": at}
    told = {"submission.reopened.v1": reopened, "extension.requested.v1": asked}
    for _again in range(2):
        for key, data in told.items():
            gateway.deliver(key, "68101/p1", {**said, "request_id": "r1", **data}, sequence=5)
    with gateway.transaction() as session:
        kept = session.scalars(select(LiveEvent).order_by(LiveEvent.seq)).all()
        assert [json.loads(one.frame)["type"] for one in kept] == [f"iamis.{key}" for key in told]
