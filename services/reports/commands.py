"""Keeping the read model: the newest word on each group of columns stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from services.reports.models import Base, EvidenceFile
from shared.events.outbox import insert_into

Values = Mapping[str, Any]


def keep_newest(session: Session, model: type[Base], guard: str, rows: Sequence[Values]) -> None:
    """Insert the rows; of those that are there, set what is named where `guard` is lower.

    All rows name the same columns, `guard` and the primary key among them. They go in the order
    of their keys, so that two deliveries at once wait for each other and never for ever.
    """
    if not rows:
        return
    key = [str(column.key) for column in inspect(model).primary_key]
    insert = insert_into(session, model)
    upsert = insert.on_conflict_do_update(
        index_elements=key,
        set_={name: insert.excluded[name] for name in rows[0] if name not in key},
        where=insert.table.c[guard] < insert.excluded[guard],
    )
    in_order = sorted(rows, key=lambda row: [row[name] for name in key])
    session.execute(upsert, [dict(row) for row in in_order])


def count_file(session: Session, values: Values) -> None:
    """Know the file, unless it is known already, maybe as deleted."""
    insert = insert_into(session, EvidenceFile).values(**values, deleted=False)
    session.execute(insert.on_conflict_do_nothing(index_elements=["file_id"]))


def discount_file(session: Session, values: Values) -> None:
    """Know the file as deleted, now and for ever."""
    insert = insert_into(session, EvidenceFile).values(**values, deleted=True)
    session.execute(
        insert.on_conflict_do_update(index_elements=["file_id"], set_={"deleted": True})
    )
