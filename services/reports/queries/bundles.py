"""The bundles of reports that are being made, or kept for whoever asked for them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.reports.models import Bundle, BundlePart
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.db import Database

Form = Literal["pdf", "zip"]
State = Literal["being_made", "ready", "failed"]
# So often a worker begins with it; one that fails each time is given up.
TRIES = 3
KEPT = timedelta(hours=1)


class ForgottenError(Exception):
    """A document is kept no longer: what is being sent breaks off, and is no file."""


class BundleJson(TypedDict):
    """How far a bundle is: `done` of `total` papers, of a PDF those that are read."""

    id: str
    centre_no: str
    format: Form
    state: State
    done: int
    total: int
    asked_at: str


def is_under_way(bundle: Bundle) -> bool:
    return _state(bundle) == "being_made"


def is_ready(bundle: Bundle) -> bool:
    return _state(bundle) == "ready"


def _state(bundle: Bundle) -> State:
    if bundle.ready_at is not None:
        return "ready"
    given_up = bundle.tries >= TRIES and bundle.held_until <= clock.now()
    return "failed" if given_up else "being_made"


def bundle_of(session: Session, who: Principal, centre_no: str, bundle_id: str) -> Bundle:
    """The bundle as long as it is theirs, and they may see what they might when they asked."""
    bundle = session.get(Bundle, bundle_id)
    if bundle is None or (bundle.asked_by, bundle.centre_no) != (who.user_id, centre_no):
        raise not_found()
    if not is_kept_for(bundle, who):
        raise not_found()
    return bundle


def is_kept_for(bundle: Bundle, who: Principal) -> bool:
    """Whether its time is not over, and they see in the centre what they saw when they asked."""
    asked = Principal.from_claims(bundle.claims)
    sees_the_same = asked.centres.get(bundle.centre_no) == who.centres.get(bundle.centre_no)
    return sees_the_same and bundle.asked_at > clock.now() - KEPT


def bundle_json(bundle: Bundle) -> BundleJson:
    return {
        "id": bundle.id,
        "centre_no": bundle.centre_no,
        "format": cast("Form", bundle.format),
        "state": _state(bundle),
        "done": bundle.done,
        "total": len(bundle.papers),
        "asked_at": bundle.asked_at.isoformat(),
    }


def names_of_parts(session: Session, bundle_id: str) -> list[tuple[int, str]]:
    """The parts in their order, by number and name."""
    parts = select(BundlePart.number, BundlePart.name).filter_by(bundle_id=bundle_id)
    return [(number, name) for number, name in session.execute(parts.order_by(BundlePart.number))]


def content_of(database: Database, bundle_id: str, number: int) -> Iterator[bytes]:
    """A part's content, read when it is its turn; raises `ForgottenError` where it is gone."""
    with database.reading() as session:
        part = session.get(BundlePart, (bundle_id, number))
        if part is None:
            message = f"part {number} of bundle {bundle_id} is kept no longer"
            raise ForgottenError(message)
        content = part.content
    yield content
