"""Work that loses a race in the database, as on PostgreSQL it may at any time."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import OperationalError


class DeadlockError(Exception):
    """As the driver of PostgreSQL says it."""

    sqlstate = "40P01"


def losing_once(act: Callable[..., Any]) -> Callable[..., Any]:
    """`act`, whose first try is undone by the database at its end."""
    tries: list[int] = []

    def lose(*given: Any, **named: Any) -> Any:
        done = act(*given, **named)
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("", {}, DeadlockError())
        return done

    return lose
