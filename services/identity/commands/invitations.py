"""Inviting people to a centre: a temporary password by mail, sent again or taken back.

Who has an account already is asked by mail, and joins when they accept. Whoever invites sees the
same of both: nobody learns from an invitation who has an account.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from services.identity.commands import accounts, allowance, post, recent
from services.identity.commands.passwords import hash_password, random_password, temporary_password
from services.identity.domain import letters
from services.identity.domain.accounts import (
    UNRESTRICTED,
    AccountType,
    Language,
    Restrictions,
)
from services.identity.models import Centre, Challenge, Membership, User
from services.identity.queries import user_by_email
from services.identity.queries.members import MemberView, find, member_view
from shared import audit, clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.folding import folded
from shared.i18n import gettext as _
from shared.ids import new_id
from shared.mail.letter import Letter


@dataclass(frozen=True)
class Temporary:
    """A temporary password and its hash, which takes a moment to make: not within a lock."""

    password: str
    hash: str

    @classmethod
    def make(cls) -> "Temporary":
        password = temporary_password()
        return cls(password, hash_password(password))


@dataclass(frozen=True)
class Invitation:
    """Whom an admin invites."""

    email: str
    first_name: str
    last_name: str
    language: Language
    account_type: AccountType
    iamis: bool = False
    restrictions: Restrictions = UNRESTRICTED


def invite(
    session: Session,
    who: Principal,
    centre_no: str,
    invitation: Invitation,
    temporary: Temporary | None = None,
) -> MemberView:
    """Invite somebody; the temporary password goes into the mail, and nobody else ever sees it."""
    temporary = temporary or Temporary.make()
    if invitation.account_type == "admin":
        recent.expect(session, who)
    allowance.spend(session, who, centre_no)
    told = (session, who, centre_no, invitation, temporary)
    # Another centre may make the account between the look and the making.
    member = _add(*told) or _make(*told) or _add(*told)
    if member is None:
        raise accounts.email_taken()
    return member_view(session.get_one(User, member.user_id), member)


def _make(
    session: Session,
    who: Principal,
    centre_no: str,
    invitation: Invitation,
    temporary: Temporary,
) -> Membership | None:
    """Make the account of somebody new; None where there is one by now."""
    new = accounts.NewUser(
        kind="centre",
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
        language=invitation.language,
        password_hash=temporary.hash,
        places=(_place(centre_no, invitation),),
        invited=True,
    )
    user = accounts.make_user(session, new, who)
    if user is None:
        return None
    member = session.get_one(Membership, (user.id, centre_no))
    _mail(session, who, user, member, temporary)
    return member


def _place(centre_no: str, invitation: Invitation) -> accounts.Place:
    return accounts.Place(
        centre_no, invitation.account_type, invitation.iamis, invitation.restrictions
    )


def _add(
    session: Session,
    who: Principal,
    centre_no: str,
    invitation: Invitation,
    temporary: Temporary,
) -> Membership | None:
    """Ask somebody who has an account whether they join the centre; None where nobody has."""
    user = user_by_email(session, invitation.email)
    if user is None:
        return None
    session.refresh(user, with_for_update=True)
    if session.get(Membership, (user.id, centre_no)) is not None:
        raise accounts.email_taken()
    place = _place(centre_no, invitation)
    member = Membership(
        user_id=user.id,
        centre_no=centre_no,
        account_type=place.account_type,
        iamis=place.iamis,
        status="invited",
        restrictions=asdict(place.restrictions),
    )
    # An older account's id would tell when it was made.
    member.handle = new_id()
    if user.status == "invited" and not _has_a_place(session, user):
        _rename(user, invitation)
    else:
        _hold_back(member, invitation)
    session.add(member)
    session.flush()
    change = accounts.made_change(invitation.email, "centre", place)
    audit.record(session, who, "user.invited", f"users/{member.handle}", change)
    _ask(session, who, user, member, temporary)
    return member


def _hold_back(member: Membership, invitation: Invitation) -> None:
    """Until it is accepted the centre sees what it wrote."""
    member.invited_key = folded(invitation.last_name, invitation.first_name)
    member.invited_as = {
        "email": invitation.email,
        "first_name": invitation.first_name,
        "last_name": invitation.last_name,
        "language": invitation.language,
    }


def _ask(
    session: Session, who: Principal, user: User, member: Membership, temporary: Temporary
) -> None:
    """Mail what lets this person answer."""
    if user.status == "invited":
        _set_password(session, user, temporary)
        _mail(session, who, user, member, temporary)
    elif user.status == "active":
        _mail_question(session, who, user, member)


def _rename(user: User, invitation: Invitation) -> None:
    """Nobody has used the account, and no centre has it: it is what it is invited as now."""
    user.first_name, user.last_name = invitation.first_name, invitation.last_name
    user.language = invitation.language
    user.search_key = folded(user.last_name, user.first_name)


def _has_a_place(session: Session, user: User) -> bool:
    return bool(session.scalar(select(exists().where(Membership.user_id == user.id))))


def _set_password(session: Session, user: User, temporary: Temporary) -> None:
    session.execute(delete(Challenge).where(Challenge.user_id == user.id))
    user.password_hash = temporary.hash
    user.must_change_password = True
    user.temporary_until = clock.now() + accounts.TEMPORARY


def resend(session: Session, who: Principal, centre_no: str, user_id: str) -> MemberView:
    """Mail a new temporary password; the one before is good no longer."""
    temporary = Temporary.make()
    user, member = _invited(session, centre_no, user_id)
    allowance.spend(session, who, centre_no)
    _ask(session, who, user, member, temporary)
    change = audit.Change(after={"centre_no": centre_no})
    audit.record(session, who, "invitation.resent", f"users/{member.handle}", change)
    return member_view(user, member)


def revoke(session: Session, who: Principal, centre_no: str, user_id: str) -> None:
    """Take the invitation back; an account that no centre has cannot be signed in to."""
    user, member = _invited(session, centre_no, user_id)
    session.delete(member)
    session.flush()
    if user.status == "invited" and not _has_a_place(session, user):
        user.password_hash = hash_password(random_password())
    change = audit.Change(before={"centre_no": centre_no, "account_type": member.account_type})
    audit.record(session, who, "invitation.revoked", f"users/{member.handle}", change)


def _invited(session: Session, centre_no: str, user_id: str) -> tuple[User, Membership]:
    """Somebody of the centre who has not signed in yet, or not said whether they join."""
    member = find(session, centre_no, user_id)
    if member is None:
        raise not_found()
    user = session.get_one(User, member.user_id, with_for_update=True)
    session.refresh(member, with_for_update=True)  # they may have answered meanwhile
    if member.status != "invited":
        raise ConflictError(_("This person is not waiting for an invitation."), slug="not-invited")
    return user, member


def _mail(
    session: Session, who: Principal, user: User, member: Membership, temporary: Temporary
) -> None:
    centre = session.get_one(Centre, member.centre_no).name

    def letter() -> Letter:
        days = accounts.TEMPORARY.days
        password = temporary.password
        return letters.invitation(centre, who.name, user.email, password, days, post.sign_in())

    post.write(session, user, "invitation", letter, reader_id=member.handle)


def _mail_question(session: Session, who: Principal, user: User, member: Membership) -> None:
    """To somebody who has an account; one of the awarding body's can join no centre."""
    centre = session.get_one(Centre, member.centre_no).name

    def letter() -> Letter:
        if user.kind == "centre":
            return letters.join_centre(centre, who.name, post.page("/account/invitations"))
        return letters.cannot_join_centre(centre, who.name)

    post.write(session, user, "join-centre", letter, reader_id=member.handle)
