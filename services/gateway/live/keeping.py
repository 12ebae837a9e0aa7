"""Keeping events for listeners: each change in the caller's transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from services.gateway.live.audience import (
    HELD_BACK,
    NOT_FOR_CENTRES,
    NOT_MODERATED,
    TAKEN_BACK_BY,
)
from services.gateway.live.queries import STREAM
from services.gateway.live.sets import sets_of
from services.gateway.models import HeldEvent, KnownPaper, KnownSheet, LiveEvent
from shared import clock
from shared.db import forget
from shared.events.envelope import Envelope
from shared.events.models import Sequence as Drawn
from shared.events.models import Watermark
from shared.events.outbox import insert_into
from shared.events.schemas import EVENT_TYPES

KEPT = timedelta(hours=24)
RELEASED_AT_ONCE = 200

Row = Mapping[str, Any]


def keep(session: Session, event: Envelope) -> None:
    """Add the event to the stream, unless it is told there already."""
    if _is_told(session, event):
        return
    row = _row_of(event) | {"sets": sets_of(session, event.data)}
    _take_back(session, event)
    if event.key in NOT_FOR_CENTRES or _is_taken_back(session, event):
        row |= {"held": "held"}
    elif event.key in HELD_BACK and not _may_be_told(session, event):
        row |= {"held": "held"}
        held = HeldEvent(id=event.id, paper_id=event.data["paper_id"], row=_as_json(row))
        session.add(held)
    elif event.key.startswith(NOT_MODERATED):
        row |= {"held": "request"}
    _append(session, [row])


def release(session: Session) -> int:
    """Tell centres what was held back from them, of the papers whose results are out.

    Of a sheet that is not submitted there is nothing to tell: what was has been undone.
    """
    due = (
        select(HeldEvent)
        .join(KnownPaper, KnownPaper.paper_id == HeldEvent.paper_id)
        .join(
            KnownSheet,
            (KnownSheet.paper_id == HeldEvent.paper_id)
            & (KnownSheet.centre_no == HeldEvent.row["centre_no"].as_string()),
        )
        .where(KnownPaper.results_day <= clock.now(), KnownSheet.submitted.is_(True))
        .order_by(HeldEvent.id)
        .limit(RELEASED_AT_ONCE)
        .with_for_update(of=HeldEvent, skip_locked=True)
    )
    held = session.scalars(due).all()
    if held:
        _append(session, [_from_json(one.row) | {"held": "released"} for one in held])
        session.execute(delete(HeldEvent).where(HeldEvent.id.in_([one.id for one in held])))
    return len(held)


def forget_held(session: Session, event: Envelope, *which: ColumnElement[bool]) -> None:
    """Centres will not be told on results day what holds no more of the sheet of the event."""
    session.execute(
        delete(HeldEvent).where(
            HeldEvent.paper_id == event.data["paper_id"],
            HeldEvent.row["subject"].as_string() == event.subject,
            *which,
        )
    )


def purge(session: Session) -> None:
    forget(session, LiveEvent, LiveEvent.at < clock.now() - KEPT)


def _is_told(session: Session, event: Envelope) -> bool:
    """Whether a listener knows it.

    An event may come late, after others of its subject. The present state told again carries, in
    each of its types, the newest sequence of the subject.
    """
    aspect = f"{STREAM}:{event.key}:{event.subject}"
    newest = session.get(Watermark, aspect)
    if newest is not None and newest.sequence == event.sequence:
        return True
    is_late = newest is not None and newest.sequence > event.sequence
    mark = insert_into(session, Watermark).values(aspect=aspect, sequence=event.sequence)
    session.execute(
        mark.on_conflict_do_update(
            index_elements=["aspect"],
            set_={"sequence": event.sequence},
            where=Watermark.sequence < event.sequence,
        )
    )
    same = select(LiveEvent.seq).filter_by(
        source=event.event_type.source, subject=event.subject, sequence=event.sequence
    )
    return is_late and session.scalars(same.limit(1)).first() is not None


def _take_back(session: Session, event: Envelope) -> None:
    for key in (key for key, by in TAKEN_BACK_BY.items() if event.key in by):
        forget_held(
            session,
            event,
            HeldEvent.row[("frame", "type")].as_string() == EVENT_TYPES[key].type,
            HeldEvent.row["sequence"].as_integer() < event.sequence,
        )


def _is_taken_back(session: Session, event: Envelope) -> bool:
    """Whether it comes after what takes it back."""
    by = TAKEN_BACK_BY.get(event.key, frozenset())
    newest = (session.get(Watermark, f"{STREAM}:{key}:{event.subject}") for key in by)
    return any(one is not None and one.sequence > event.sequence for one in newest)


def _may_be_told(session: Session, event: Envelope) -> bool:
    """Whether the results are out, and the sheet is submitted and not undone."""
    paper = session.get(KnownPaper, event.data["paper_id"])
    sheet = session.get(KnownSheet, (event.data["centre_no"], event.data["paper_id"]))
    are_out = paper is not None and paper.results_day <= clock.now()
    return are_out and sheet is not None and sheet.submitted


def _row_of(event: Envelope) -> dict[str, Any]:
    return {
        "source": event.event_type.source,
        "subject": event.subject,
        "sequence": event.sequence,
        "centre_no": event.data.get("centre_no"),
        "paper_id": event.data.get("paper_id"),
        "held": "",
        "frame": event.to_json(),
    }


def _as_json(row: Row) -> dict[str, Any]:
    return {**row, "frame": json.loads(row["frame"])}


def _from_json(row: Row) -> dict[str, Any]:
    frame = json.dumps(row["frame"], ensure_ascii=False, separators=(",", ":"))
    return {"sets": None, **row, "frame": frame.encode()}


def _append(session: Session, rows: Sequence[Row]) -> None:
    """Number the rows and add them.

    Whoever draws numbers waits until the one before has committed, so a reader that has seen a
    number has seen all below it.
    """
    count = len(rows)
    draw = insert_into(session, Drawn).values(subject=STREAM, value=count)
    last = session.scalars(
        draw.on_conflict_do_update(
            index_elements=["subject"], set_={"value": Drawn.value + count}
        ).returning(Drawn.value)
    ).one()
    first, now = last - count + 1, clock.now()
    numbered = [{**row, "seq": first + index, "at": now} for index, row in enumerate(rows)]
    session.execute(insert(LiveEvent), numbered)
