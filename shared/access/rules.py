"""Access rules: every route names one, and what it does not allow is refused.

A rule first asks whether the thing exists for this account (else 404: a centre never learns of
another's things), then whether the account may do this to it (else 403).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy.orm import Session

from shared.access.models import Allocation
from shared.access.principal import Principal
from shared.errors import ForbiddenError, NotFoundError
from shared.i18n import gettext as _

Relation = Literal["centre", "appointee", "board"]


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
    """One access rule; `check` raises what the account is to be told."""

    name: str
    check: Callable[[Asked], None]
    anonymous: bool = False


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


def _board_only(asked: Asked) -> None:
    if asked.principal.kind != "board":
        raise not_permitted()


BOARD = Rule("board staff", _board_only)


def is_allocated(session: Session, principal: Principal, centre_no: str, paper_id: str) -> bool:
    return session.get(Allocation, (principal.user_id, centre_no, paper_id)) is not None


Visible = Callable[[Session, Relation, str, str], bool]


@dataclass(frozen=True)
class SheetRules:
    """Rules for routes with `centre_no` and `paper_id` in their path.

    `visible(session, relation, centre_no, paper_id)` says whether the sheet exists for those who
    stand in that relation to it: the service knows, the platform does not.
    """

    visible: Visible

    def allow(self, *relations: Relation) -> Rule:
        """Allow accounts in one of these relations to the sheet, and refuse the others."""

        def check(asked: Asked) -> None:
            centre_no, paper_id = asked.params["centre_no"], asked.params["paper_id"]
            relation = self._relation(asked, centre_no, paper_id)
            if relation is None or not self.visible(asked.session, relation, centre_no, paper_id):
                raise not_found()
            if relation not in relations:
                raise not_permitted()
            if relation == "centre" and not asked.principal.centres[centre_no].may_use_iamis:
                raise no_iamis()

        return Rule(f"of this centre and paper: {', '.join(relations)}", check)

    @staticmethod
    def _relation(asked: Asked, centre_no: str, paper_id: str) -> Relation | None:
        principal = asked.principal
        if principal.kind == "board":
            return "board"
        if principal.kind == "centre" and centre_no in principal.centres:
            return "centre"
        if principal.kind == "appointee" and is_allocated(
            asked.session, principal, centre_no, paper_id
        ):
            return "appointee"
        return None


def centre_rule(*, board: bool, admin: bool = False, iamis: bool = True) -> Rule:
    """For routes with `centre_no` alone: its own staff (`admin` only admins), maybe the board."""

    def check(asked: Asked) -> None:
        principal = asked.principal
        if principal.kind == "board" and board:
            return
        member = principal.centres.get(asked.params["centre_no"])
        if principal.kind == "board":
            raise not_permitted()
        if member is None:
            raise not_found()
        if admin and member.account_type != "admin":
            raise not_permitted()
        if iamis and not member.may_use_iamis:
            raise no_iamis()

    who = "admins" if admin else "staff"
    return Rule(f"{who} of this centre{', board staff' if board else ''}", check)
