"""Keeping what events tell, whatever the order they come in: the newest word on a row stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase, Session

from shared.events.outbox import insert_into


def keep_newest(
    session: Session, model: type[DeclarativeBase], guard: str, rows: Sequence[Mapping[str, Any]]
) -> None:
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
