"""What identity writes to people: pure words, in the language that is set."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.i18n import gettext as _
from shared.mail.letter import Letter, Link


def invitation(centre: str, by: str, email: str, password: str, days: int, sign_in: str) -> Letter:
    """To somebody new; `days` is how long the temporary password is good for."""
    return Letter(
        subject=_("Your invitation to IAMIS"),
        opening=(
            _("%(by)s has invited you to the secure portal of %(centre)s.", by=by, centre=centre),
            _(
                "Sign in with this temporary password within %(days)s days. You will be asked to "
                "choose a password of your own and to set up an authenticator app on your phone.",
                days=days,
            ),
        ),
        facts=((_("Email address"), email), (_("Temporary password"), password)),
        link=Link(_("Sign in"), sign_in),
        closing=(
            _(
                "If you did not expect this, do nothing: nobody can use the account without the "
                "password in this mail."
            ),
        ),
    )


def join_centre(centre: str, by: str, answer: str) -> Letter:
    """To somebody who has an account already."""
    return Letter(
        subject=_("Your invitation to another centre"),
        opening=(
            _("%(by)s has invited you to the secure portal of %(centre)s.", by=by, centre=centre),
            _("You have an account already. Sign in as you always do, and accept or decline."),
        ),
        link=Link(_("Answer the invitation"), answer),
        closing=(_("As long as you do nothing, the centre does not learn that you have one."),),
    )


def cannot_join_centre(centre: str, by: str) -> Letter:
    """To somebody whose account is the awarding body's."""
    return Letter(
        subject=_("Your invitation to another centre"),
        opening=(
            _("%(by)s has invited you to the secure portal of %(centre)s.", by=by, centre=centre),
            _(
                "Your account is one of the awarding body, which can join no centre. If you work "
                "there, ask them to invite another email address of yours."
            ),
        ),
    )


def password_reset(minutes: int, url: str) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        opening=(
            _("Somebody, we hope you, has asked for a new password for your account."),
            _(
                "The link below works once, and for %(minutes)s minutes. You will still need your "
                "authenticator app to sign in.",
                minutes=minutes,
            ),
        ),
        link=Link(_("Choose a new password"), url),
        closing=(_("If it was not you, do nothing: your password stays as it is."),),
    )


def password_changed(forgot: str) -> Letter:
    return Letter(
        subject=_("Your password has been changed"),
        opening=(
            _("The password of your account has just been changed."),
            _("You were signed out everywhere else."),
        ),
        link=Link(_("If it was not you, choose a new password now"), forgot),
    )


def codes_refused(forgot: str) -> Letter:
    """To somebody whose password another person seems to know."""
    return Letter(
        subject=_("Wrong codes were entered for your account"),
        opening=(
            _(
                "Somebody has entered your password and then ten wrong codes of the authenticator "
                "app. They did not get in."
            ),
        ),
        link=Link(_("If it was not you, choose a new password now"), forgot),
        closing=(_("If it was you, there is nothing to do."),),
    )


def password_ended(forgot: str) -> Letter:
    return Letter(
        subject=_("Your password is good no longer"),
        opening=(
            _(
                "Somebody who knows your password has tried to guess the codes of your "
                "authenticator app. They did not get in, and the password is good no longer."
            ),
        ),
        link=Link(_("Choose a new password"), forgot),
    )


def new_device(when: str, device: str, sessions: str) -> Letter:
    return Letter(
        subject=_("New sign-in to your account"),
        opening=(_("Your account was used from a device that it was not used from before."),),
        facts=((_("When"), when), (_("Device"), device)),
        link=Link(_("See where you are signed in"), sessions),
        closing=(
            _("If it was you, there is nothing to do."),
            _("If it was not you, sign out everywhere and change your password at once."),
        ),
    )


def second_factor_reset(by: str, sign_in: str) -> Letter:
    return Letter(
        subject=_("Set up your authenticator app again"),
        opening=(
            _(
                "%(by)s has removed the authenticator app from your account. At your next sign-in "
                "you set up a new one.",
                by=by,
            ),
        ),
        link=Link(_("Sign in"), sign_in),
        closing=(_("If you did not ask for this, tell your exams officer at once."),),
    )


def recovery_code_used(left: int, account: str) -> Letter:
    return Letter(
        subject=_("A recovery code was used"),
        opening=(
            _("Somebody signed in to your account with one of your recovery codes."),
            _("Recovery codes left: %(left)s", left=left),
        ),
        link=Link(_("Your account"), account),
        closing=(_("If it was not you, sign out everywhere and change your password at once."),),
    )


def access_granted(centre: str, sign_in: str) -> Letter:
    return Letter(
        subject=_("You can now enter internal assessment marks"),
        opening=(
            _(
                "Access to the Internal Assessment Mark Input System (IAMIS) has been turned on "
                "for your account at %(centre)s.",
                centre=centre,
            ),
        ),
        link=Link(_("Sign in"), sign_in),
    )


def clerical_error(paper: str, centre: str, sheet: str) -> Letter:
    """To the exams officers of the centre and whoever submitted."""
    return Letter(
        subject=_("Clerical error in the marks of %(paper)s", paper=paper),
        opening=(
            _(
                "The moderator has found a clerical error in one or more of the marks that "
                "%(centre)s submitted for %(paper)s. The amended marks stand in red beside yours.",
                centre=centre,
                paper=paper,
            ),
            _("Please make sure that the marks of the remaining candidates are right."),
        ),
        link=Link(_("See the marks"), sheet),
    )


def further_sample(paper: str, centre: str, due: str, sheet: str) -> Letter:
    """`due` is a day as people write it, or nothing."""
    wanted = _(
        "The work of further candidates of %(centre)s is wanted for %(paper)s.",
        centre=centre,
        paper=paper,
    )
    until = _("Please send or upload it by %(due)s.", due=due) if due else ""
    return Letter(
        subject=_("Further sample requested for %(paper)s", paper=paper),
        opening=tuple(filter(None, (wanted, until))),
        link=Link(_("See the sample"), sheet),
    )


def receipt(
    paper: str, centre: str, when: str, marks: Sequence[tuple[str, str]], sheet: str
) -> Letter:
    """Whoever submitted keeps the marks as they were received, by candidate number."""
    return Letter(
        subject=_("Marks received for %(paper)s", paper=paper),
        opening=(
            _(
                "The marks that you submitted for %(paper)s of %(centre)s have been received. "
                "They can no longer be changed online.",
                paper=paper,
                centre=centre,
            ),
        ),
        facts=((_("Received"), when), (_("Candidates"), str(len(marks))), *marks),
        link=Link(_("See the sample"), sheet),
    )


@dataclass(frozen=True)
class Received:
    """A file that was uploaded for a candidate or (None) for the group; `size` is in bytes."""

    candidate_no: str | None
    name: str
    size: int
    sha256: str
    when: str

    def fact(self) -> tuple[str, str]:
        stored = _(
            "%(size)s bytes, %(when)s, SHA-256: %(hash)s",
            size=self.size,
            when=self.when,
            hash=self.sha256,
        )
        return f"{self.candidate_no or _('The whole group')}, {self.name}", stored


def evidence_receipt(paper: str, centre: str, files: Sequence[Received], evidence: str) -> Letter:
    """Whoever uploaded keeps what was received, to be held against the files themselves."""
    return Letter(
        subject=_("Evidence received for %(paper)s", paper=paper),
        opening=(
            _(
                "The files that you uploaded for %(paper)s of %(centre)s have been received whole.",
                paper=paper,
                centre=centre,
            ),
        ),
        facts=((_("Files"), str(len(files))), *(file.fact() for file in files)),
        link=Link(_("See the evidence"), evidence),
    )


def report_published(paper: str, centre: str, report: str) -> Letter:
    """To the exams officers of the centre and whoever submitted, from results day on."""
    return Letter(
        subject=_("Moderator's report on %(paper)s", paper=paper),
        opening=(
            _(
                "The moderator's report on the marks of %(centre)s for %(paper)s can now be read.",
                centre=centre,
                paper=paper,
            ),
        ),
        link=Link(_("Read the report"), report),
    )
