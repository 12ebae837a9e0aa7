"""How an account stands to one centre's papers: the rule that every service and stream goes by."""

from collections.abc import Callable
from typing import Literal

from shared.access.principal import Principal

Relation = Literal["centre", "appointee", "board"]
RELATIONS: frozenset[Relation] = frozenset(("centre", "appointee", "board"))


def relation_of(
    who: Principal, centre_no: str, paper_id: str, is_allocated: Callable[[], bool]
) -> Relation | None:
    """The relation, or None where the account has nothing to do with it.

    `is_allocated` tells whether the moderator has the paper in question; only moderators are asked.
    """
    if who.kind == "board":
        return "board"
    member = who.centres.get(centre_no)
    if who.kind == "centre" and member is not None:
        return "centre" if member.reaches(paper_id) else None
    if who.kind == "appointee" and is_allocated():
        return "appointee"
    return None


def has_access(who: Principal, relation: Relation, centre_no: str) -> bool:
    """Whether the account may see marks at all: staff of a centre need the IAMIS permission."""
    return relation != "centre" or who.centres[centre_no].may_use_iamis
