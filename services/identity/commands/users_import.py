"""Bringing the accounts of a centre in line with a file: all of it, or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.commands import invitations, recent, users
from services.identity.commands.invitations import Invitation, Temporary
from services.identity.domain.accounts import (
    AccountType,
    Language,
    Standing,
    Status,
    keep_an_admin,
    keep_oneself,
)
from services.identity.domain.users_file import UserLine, read_users, standing_of
from services.identity.models import Centre, Membership, User
from services.identity.queries.members import Person, RestrictionsView, restrictions_view
from services.identity.queries.members_by_email import Known, acting_admins, known_users
from shared import audit
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ProblemError
from shared.findings import LineFindings
from shared.i18n import gettext as _

# Each has a password that takes a moment to make.
MOST_INVITED = 100

Action = Literal["invited", "changed"]


class AccountJson(TypedDict):
    """What an account is in the centre, before or after."""

    account_type: AccountType
    iamis: bool
    language: Language
    status: Status
    restrictions: RestrictionsView


class UserChangeJson(TypedDict):
    """What a line changes; `before` is null of who is invited."""

    line: int
    email: str
    first_name: str
    last_name: str
    action: Action
    before: AccountJson | None
    after: AccountJson


class UsersImportJson(TypedDict):
    """What a file changes, or would change."""

    changes: list[UserChangeJson]
    unchanged: int


@dataclass(frozen=True)
class UsersFile:
    """The good lines of a file, and what is wrong with the others."""

    lines: Sequence[UserLine]
    findings: LineFindings


@dataclass(frozen=True)
class Step:
    """What a line makes of an account; without `user` it is new, without `member` new here."""

    line: UserLine
    user: User | None
    member: Membership | None
    after: Standing
    language: Language

    @property
    def changes(self) -> bool:
        if self.user is None or self.member is None:
            return True
        known = Person.of(self.user, self.member)
        return self.member.standing != self.after or known.language != self.language


def read_file(source: Iterable[bytes]) -> UsersFile:
    """Read a file by its lines; UnprocessableError where its first line is wrong."""
    findings = LineFindings()
    return UsersFile(read_users(source, findings), findings)


def try_import(
    session: Session, who: Principal, centre_no: str, file: UsersFile
) -> UsersImportJson:
    """What the file would change; UnprocessableError names every bad line."""
    return _told(_plan(session, who, centre_no, file))


def import_users(
    session: Session,
    who: Principal,
    centre_no: str,
    file: UsersFile,
    temporaries: Mapping[str, Temporary],
) -> UsersImportJson:
    """Change what the file asks for; `temporaries` are passwords of those invited, by email."""
    # The centre's row is the lock, as of a single change.
    session.get(Centre, centre_no, with_for_update={"key_share": True})
    steps = _plan(session, who, centre_no, file, lock=True)
    told = _told(steps)
    for step in filter(lambda step: step.changes, steps):
        _take(session, who, centre_no, step, temporaries.get(step.line.email))
    return told


def _plan(
    session: Session, who: Principal, centre_no: str, file: UsersFile, *, lock: bool = False
) -> Sequence[Step]:
    """The lines that change something, or UnprocessableError with all that is wrong."""
    if session.get(Centre, centre_no) is None:
        raise not_found()
    findings = file.findings.copy()
    known = known_users(session, centre_no, [line.key for line in file.lines], lock=lock)
    found = [_step(line, who, known, findings) for line in file.lines]
    steps = [step for step in found if step]
    _invite_few(steps, findings)
    _keep_an_admin(session, centre_no, steps, findings)
    findings.refuse()
    return steps


def _step(line: UserLine, who: Principal, known: Known, findings: LineFindings) -> Step | None:
    user = known.users.get(line.key)
    member = known.member(user)
    try:
        before = member.standing if member else None
        signed_in = user is not None and user.status == "active" and not _is_pending(member)
        after = standing_of(line, before, has_signed_in=signed_in)
        if user and user.id == who.user_id:
            keep_oneself(after)
    except ProblemError as refused:
        findings.add_line(line.line, _column(refused), refused.detail)
        return None
    return Step(line, user, member, after, _language(line, user, member, known))


def _language(
    line: UserLine, user: User | None, member: Membership | None, known: Known
) -> Language:
    """That of somebody whom others have too is theirs alone, or was written as they were asked."""
    if user is None or member is None:
        return line.language
    if user.id in known.elsewhere or member.pending:
        return Person.of(user, member).language
    return line.language


def _is_pending(member: Membership | None) -> bool:
    return member is not None and member.pending


def _column(refused: ProblemError) -> str:
    """The column that a refusal of a single change is about."""
    if refused.errors:
        return refused.errors[0].pointer.strip("/")
    return {"email-taken": "email", "own-account": "status"}.get(refused.slug, "account_type")


def _invite_few(steps: Sequence[Step], findings: LineFindings) -> None:
    for step in [step for step in steps if step.member is None][MOST_INVITED:]:
        said = _("A file may invite %(most)s people at most.", most=MOST_INVITED)
        findings.add_line(step.line.line, "email", said)


def _keep_an_admin(
    session: Session, centre_no: str, steps: Sequence[Step], findings: LineFindings
) -> None:
    """Of the file as a whole: who is to be an admin may be named after who was."""
    left = set(acting_admins(session, centre_no))
    for step in steps:
        if step.member and step.user and step.user.status == "active":
            if step.after.is_acting_admin:
                left.add(step.user.id)
            else:
                left.discard(step.user.id)
    for step in steps:
        if step.member:
            try:
                keep_an_admin(step.member.standing, step.after, len(left))
            except ProblemError as refused:
                findings.add_line(step.line.line, "account_type", refused.detail)


def _take(
    session: Session, who: Principal, centre_no: str, step: Step, temporary: Temporary | None
) -> None:
    if step.user is None or step.member is None:
        invitations.invite(session, who, centre_no, _invitation(step), temporary)
        return
    if Person.of(step.user, step.member).language != step.language:
        was, step.user.language = step.user.language, step.language
        change = audit.Change(
            {"centre_no": centre_no, "language": was},
            {"centre_no": centre_no, "language": step.language},
        )
        audit.record(session, who, "user.changed", f"users/{step.member.handle}", change)
    if step.after.changes_rank_of(step.member.standing):
        recent.expect(session, who)
    if step.member.standing != step.after:
        users.become(session, who, step.user, step.member, step.after)


def _invitation(step: Step) -> Invitation:
    line = step.line
    return Invitation(
        line.email,
        line.first_name,
        line.last_name,
        line.language,
        line.account_type,
        iamis=step.after.iamis,
        restrictions=step.after.restrictions,
    )


def _told(steps: Sequence[Step]) -> UsersImportJson:
    changes = [_change(step) for step in steps if step.changes]
    return {"changes": changes, "unchanged": len(steps) - len(changes)}


def _change(step: Step) -> UserChangeJson:
    user, member, line = step.user, step.member, step.line
    known = Person.of(user, member) if user and member else None
    before = _account(member.standing, known.language) if member and known else None
    return {
        "line": line.line,
        "email": known.email if known else line.email,
        "first_name": known.first_name if known else line.first_name,
        "last_name": known.last_name if known else line.last_name,
        "action": "changed" if before else "invited",
        "before": before,
        "after": _account(step.after, step.language),
    }


def _account(standing: Standing, language: Language) -> AccountJson:
    return {
        "account_type": standing.account_type,
        "iamis": standing.may_use_iamis,
        "language": language,
        "status": standing.status,
        "restrictions": restrictions_view(standing.restrictions),
    }
