"""What identity writes of requests: to the centre that asked, and to the board that decides."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from shared.i18n import gettext as _
from shared.mail.letter import Letter, Link

Kind = Literal["amendment", "extension", "entry"]


@dataclass(frozen=True)
class Decision:
    """What was decided of which centre's paper; `day` is a deadline, as people write it."""

    paper: str
    centre: str
    accepted: bool
    day: str = ""


def decided(kind: Kind, decision: Decision, page: str) -> Letter:
    """To the exams officers of the centre and whoever asked."""
    subject, said = _WORDS[kind](decision)
    return Letter(
        subject=subject,
        opening=(said, _("What the awarding body says about it is on the page below.")),
        link=Link(_("See the request"), page),
    )


def waiting(centre: str, page: str) -> Letter:
    """To the board's staff, once a day: of all that centres ask for."""
    return Letter(
        subject=_("Requests of centres are waiting"),
        opening=(
            _(
                "%(centre)s, and maybe other centres, have asked for an amendment, a later "
                "deadline or a late entry. You are told once a day.",
                centre=centre,
            ),
        ),
        link=Link(_("See the requests"), page),
    )


def _amendment(of: Decision) -> tuple[str, str]:
    subject = _("Amendment decided: %(paper)s", paper=of.paper)
    if of.accepted:
        return subject, _(
            "The awarding body has accepted the amendment that %(centre)s asked for in the marks "
            "of %(paper)s. The amended mark counts from now on.",
            centre=of.centre,
            paper=of.paper,
        )
    return subject, _(
        "The awarding body has not accepted the amendment that %(centre)s asked for in the marks "
        "of %(paper)s. The mark stays as it was.",
        centre=of.centre,
        paper=of.paper,
    )


def _extension(of: Decision) -> tuple[str, str]:
    subject = _("Later deadline decided: %(paper)s", paper=of.paper)
    if of.accepted:
        return subject, _(
            "The awarding body has given %(centre)s until %(day)s to submit the marks for "
            "%(paper)s.",
            centre=of.centre,
            day=of.day,
            paper=of.paper,
        )
    return subject, _(
        "The awarding body has not given %(centre)s the later deadline that it asked for. The "
        "deadline for the marks for %(paper)s stays as it was.",
        centre=of.centre,
        paper=of.paper,
    )


def _entry(of: Decision) -> tuple[str, str]:
    subject = _("Late entry decided: %(paper)s", paper=of.paper)
    if of.accepted:
        return subject, _(
            "The awarding body has entered the late candidate that %(centre)s asked for. The "
            "candidate is on the marksheet of %(paper)s now.",
            centre=of.centre,
            paper=of.paper,
        )
    return subject, _(
        "The awarding body has not entered the late candidate that %(centre)s asked for in "
        "%(paper)s.",
        centre=of.centre,
        paper=of.paper,
    )


_WORDS: dict[Kind, Callable[[Decision], tuple[str, str]]] = {
    "amendment": _amendment,
    "extension": _extension,
    "entry": _entry,
}
