"""What identity writes to the moderators of a paper: pure words, in the language that is set."""

from shared.i18n import gettext as _
from shared.mail.letter import Letter, Link


def corrections_checked(paper: str, centre: str, sheet: str) -> Letter:
    return Letter(
        subject=_("Clerical errors acknowledged: %(paper)s", paper=paper),
        opening=(
            _(
                "%(centre)s has seen the clerical errors recorded for %(paper)s and says that the "
                "marks of its other candidates are checked.",
                centre=centre,
                paper=paper,
            ),
        ),
        link=Link(_("See the marks"), sheet),
    )


def sample_ready(paper: str, centre: str, sheet: str) -> Letter:
    return Letter(
        subject=_("Marks to moderate: %(paper)s", paper=paper),
        opening=(
            _(
                "%(centre)s has submitted its marks for %(paper)s, and the sample has been chosen.",
                centre=centre,
                paper=paper,
            ),
        ),
        link=Link(_("See the sample"), sheet),
    )


def moderation_returned(paper: str, centre: str, moderation: str) -> Letter:
    """Why it was is told on the page alone."""
    return Letter(
        subject=_("Moderation given back: %(paper)s", paper=paper),
        opening=(
            _(
                "The awarding body has given the outcome of your moderation of %(centre)s for "
                "%(paper)s back to you. The page says why. Please complete it again.",
                centre=centre,
                paper=paper,
            ),
        ),
        link=Link(_("See the moderation"), moderation),
    )


def report_returned(paper: str, centre: str, form: str) -> Letter:
    """Why it was stands above the form alone."""
    return Letter(
        subject=_("Moderator's report given back: %(paper)s", paper=paper),
        opening=(
            _(
                "The awarding body has given the moderator's report on %(centre)s for %(paper)s "
                "back to you. The page says why. The centre does not get it until its text has "
                "been saved again.",
                centre=centre,
                paper=paper,
            ),
        ),
        link=Link(_("Write the report"), form),
    )
