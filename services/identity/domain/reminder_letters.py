"""What identity writes before a deadline, to a centre that lacks something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.i18n import gettext as _
from shared.mail.letter import Letter, Link

# More candidates than this are counted, not named.
MOST = 40


@dataclass(frozen=True)
class Lacking:
    """What a centre's paper lacks, by candidate number, until a day as people write it.

    `pieces` are those of the work that are missing, with whose; the `group` may lack its files.
    """

    paper: str
    centre: str
    day: str
    candidate_nos: Sequence[str]
    pieces: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group: bool = False

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """The deadline and how many, and who, where these are not too many to read."""
        count = len(self.candidate_nos)
        group = ((_("Group files"), _("none")),) if self.group else ()
        candidates = ((_("Candidates"), str(count)),) if count else ()
        who = self._who if 0 < count <= MOST else ()
        return (_("Deadline"), self.day), *group, *candidates, *who

    @property
    def _who(self) -> tuple[tuple[str, str], ...]:
        by_piece = tuple((piece, ", ".join(them)) for piece, them in self.pieces.items())
        return ((_("Candidate numbers"), ", ".join(self.candidate_nos)), *by_piece)


def marks_due(lacking: Lacking, sheet: str) -> Letter:
    """To the exams officers of the centre, some days before the deadline."""
    return Letter(
        subject=_("Marks due by %(day)s: %(paper)s", day=lacking.day, paper=lacking.paper),
        opening=(
            _(
                "%(centre)s has not submitted all its marks for %(paper)s yet.",
                centre=lacking.centre,
                paper=lacking.paper,
            ),
        ),
        facts=lacking.facts,
        link=Link(_("Enter and submit the marks"), sheet),
    )


def evidence_due(lacking: Lacking, sheet: str) -> Letter:
    """To the exams officers of the centre and whoever submitted, some days before."""
    return Letter(
        subject=_("Evidence due by %(day)s: %(paper)s", day=lacking.day, paper=lacking.paper),
        opening=(
            _(
                "Evidence of the sample of %(centre)s for %(paper)s is still missing.",
                centre=lacking.centre,
                paper=lacking.paper,
            ),
        ),
        facts=lacking.facts,
        link=Link(_("Upload the evidence"), sheet),
    )
