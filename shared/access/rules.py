"""Access rules: every route names one, and what it does not allow is refused.

A rule first asks whether the thing exists for this account (else 404: a centre never learns of
another's things), then whether the account may do this to it (else 403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from shared.access import teaching_sets
from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.access.relations import Relation, has_access, relation_of
from shared.errors import ForbiddenError, NotFoundError
from shared.i18n import gettext as _


class Asked(Protocol):
    """The part of a request a rule looks at."""

    @property
    def session(self) -> Session: ...
    @property
    def principal(self) -> Principal: ...
    @property
    def params(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Rule:
    """One access rule; `check` raises what the account is to be told.

    A service account with `scope` is let in as board staff are.
    """

    name: str
    check: Callable[[Asked], None]
    anonymous: bool = False
    scope: str = ""


def _allow(_asked: Asked) -> None:
    """Allow."""


ANYONE = Rule("anyone, signed in or not", _allow, anonymous=True)
SIGNED_IN = Rule("any account", _allow)


def not_found() -> NotFoundError:
    """The one answer for what does not exist and for what is not yours."""
    return NotFoundError(_("There is no such thing here."))


def not_permitted() -> ForbiddenError:
    return ForbiddenError(_("Your account may not do this."))


def no_iamis() -> ForbiddenError:
    return ForbiddenError(
        _("Your account has no access to internal assessment marks. Ask your exams officer."),
        slug="no-iamis",
    )


def only_looking() -> ForbiddenError:
    return ForbiddenError(
        _("You see what the centre sees, and nothing can be changed."), slug="only-looking"
    )


def only_some_sets() -> ForbiddenError:
    return ForbiddenError(
        _(
            "This is about the whole paper, and your account is for some teaching sets only. Ask "
            "your exams officer."
        ),
        slug="teaching-sets-only",
    )


def _board_only(asked: Asked) -> None:
    if asked.principal.kind != "board":
        raise not_permitted()


BOARD = Rule("board staff", _board_only)


def _moderators_only(asked: Asked) -> None:
    if asked.principal.kind != "appointee":
        raise not_permitted()


MODERATORS = Rule("moderators", _moderators_only)


def _moderators_and_board(asked: Asked) -> None:
    if asked.principal.kind not in {"appointee", "board"}:
        raise not_permitted()


MODERATORS_AND_BOARD = Rule("moderators, board staff", _moderators_and_board)


def board_or(scope: str) -> Rule:
    """Board staff, and service accounts that have `scope` for every centre."""

    def check(asked: Asked) -> None:
        if not asked.principal.may(scope):
            _board_only(asked)

    return Rule(f"board staff, tools with {scope}", check, scope=scope)


def is_allocated(session: Session, principal: Principal, centre_no: str, paper_id: str) -> bool:
    return session.get(Allocation, (principal.user_id, centre_no, paper_id)) is not None


def only_papers(principal: Principal, centre_no: str) -> frozenset[str] | None:
    """The papers a list of the centre may show somebody who is restricted; None for the others."""
    member = principal.centres.get(centre_no)
    return member.papers if member else None


Visible = Callable[[Session, Relation, str, str], bool]
Reaches = Callable[[Session, tuple[str, ...], teaching_sets.Sets], bool]
CANDIDATE = ("centre_no", "paper_id", "candidate_no")


@dataclass(frozen=True)
class SheetRules:
    """Rules for routes with `centre_no` and `paper_id` in their path.

    `visible(session, relation, centre_no, paper_id)` says whether the sheet exists for those who
    stand in that relation to it: the service knows, the platform does not. `reaches` tells whether
    a candidate is in one of some teaching sets.
    """

    visible: Visible
    reaches: Reaches = teaching_sets.reaches

    def allow(self, *relations: Relation, scope: str = "", whole: bool = False) -> Rule:
        """Allow accounts in one of these relations to the sheet, and refuse the others.

        To those who are restricted to teaching sets other candidates do not exist, and what is
        about the `whole` sheet is refused.
        """

        def check(asked: Asked) -> None:
            centre_no, paper_id = asked.params["centre_no"], asked.params["paper_id"]
            relation = self._relation(asked, centre_no, paper_id)
            if scope and asked.principal.may(scope, centre_no):
                relation = "board"
            if relation is None or not self.visible(asked.session, relation, centre_no, paper_id):
                raise not_found()
            sets = teaching_sets.only_sets(asked.principal, centre_no)
            if sets is not None and not self._is_reached(asked, sets):
                raise not_found()
            if relation not in relations:
                raise not_permitted()
            if not has_access(asked.principal, relation, centre_no):
                raise no_iamis()
            if whole and sets is not None:
                raise only_some_sets()

        name = f"of this centre and paper: {', '.join(relations)}{', all of it' if whole else ''}"
        return Rule(name + _tools(scope), check, scope=scope)

    def _is_reached(self, asked: Asked, sets: teaching_sets.Sets) -> bool:
        key = tuple(asked.params.get(name, "") for name in CANDIDATE)
        return not key[-1] or self.reaches(asked.session, key, sets)

    @staticmethod
    def _relation(asked: Asked, centre_no: str, paper_id: str) -> Relation | None:
        who = asked.principal
        allocated = partial(is_allocated, asked.session, who, centre_no, paper_id)
        return relation_of(who, centre_no, paper_id, allocated)


def centre_rule(*, board: bool, admin: bool = False, iamis: bool = True, scope: str = "") -> Rule:
    """For routes with `centre_no` alone: its own staff (`admin` only admins), maybe the board."""

    def check(asked: Asked) -> None:
        principal, centre_no = asked.principal, asked.params["centre_no"]
        if (principal.kind == "board" and board) or (scope and principal.may(scope, centre_no)):
            return
        member = principal.centres.get(centre_no)
        if principal.kind == "board":
            raise not_permitted()
        if member is None:
            raise not_found()
        if admin and member.account_type != "admin":
            raise not_permitted()
        if iamis and not member.may_use_iamis:
            raise no_iamis()

    who = "admins" if admin else "staff"
    name = f"{who} of this centre{', board staff' if board else ''}"
    return Rule(name + _tools(scope), check, scope=scope)


def _tools(scope: str) -> str:
    return f", tools with {scope}" if scope else ""
