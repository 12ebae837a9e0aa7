"""What the marks menu offers for a paper in each state (domain page, "The marks menu")."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway import paths
from shared.i18n import gettext as _
from shared.i18n import ngettext

Paper = Mapping[str, Any]
SUBMITTED = {"submitted", "reopened"}


@dataclass(frozen=True)
class Button:
    """One thing to do; without `href` it only tells how the paper stands.

    The buttons of one `place` stand below one another in the list.
    """

    label: str
    href: str = ""
    main: bool = False
    place: str = ""


@dataclass(frozen=True)
class Row:
    """A paper of the menu; `news` is what the centre must see.

    `deadline` is that of samples as YYYY-MM-DD, `marks_until` that of marks while some are left.
    """

    title: str
    deadline: str
    marks_until: str
    buttons: Sequence[Button]
    news: Sequence[Button] = ()


@dataclass(frozen=True)
class Heading:
    """A qualification in a series, such as GCSE JUNE 2031, and its papers."""

    title: str
    rows: Sequence[Row]


def headings(
    papers: Sequence[Paper], centre_no: str, lacking: Mapping[str, str], *, reads_only: bool
) -> list[Heading]:
    """The papers under their headings, in the order they come.

    `lacking` says who lacks evidence, by paper.
    """
    groups: dict[str, list[Row]] = {}
    for paper in papers:
        offered = buttons(paper, centre_no, reads_only=reads_only)
        news = [*_corrections(paper, centre_no), *_evidence(paper, centre_no, lacking)]
        if not reads_only:
            news += _later(paper, centre_no)
        marks_until = "" if paper["state"] == "submitted" else paper["marks_deadline"]
        row = Row(paper["full_title"], paper["sample_deadline"], marks_until, offered, news)
        groups.setdefault(heading_of(paper), []).append(row)
    return [Heading(title, rows) for title, rows in groups.items()]


def is_submitted(paper: Paper) -> bool:
    """Whether a submission of the paper stands, also where all who were in it are withdrawn."""
    return paper["state"] in SUBMITTED


def is_complete(paper: Paper) -> bool:
    """Whether all that is not submitted yet is complete, as far as the reader sees it."""
    return paper["state"] != "submitted" and bool(paper["candidates"]) and not paper["left"]


def is_ready(paper: Paper) -> bool:
    """Whether the reader can submit it now: complete, whole, and before marks are taken no more."""
    return is_complete(paper) and not paper.get("only_some_sets") and not paper.get("closed")


def heading_of(paper: Paper) -> str:
    series = paper["series"]
    return f"{paper['qualification']} {series['month']} {series['year']}"


def _corrections(paper: Paper, centre_no: str) -> Iterator[Button]:
    """The marks the moderator corrected: the centre is to check the other candidates, too."""
    count = paper["clerical_errors"]
    if count:
        said = ngettext(
            "%(num)s clerical error recorded", "%(num)s clerical errors recorded", count
        )
        yield Button(said, f"{paths.marksheet(centre_no, paper['id'])}?rows=all")


def _evidence(paper: Paper, centre_no: str, lacking: Mapping[str, str]) -> Iterator[Button]:
    if paper["id"] in lacking:
        yield Button(lacking[paper["id"]], paths.evidence(centre_no, paper["id"]))


def _later(paper: Paper, centre_no: str) -> Iterator[Button]:
    """Where no marks are taken any more, whoever has the whole paper may ask for a later day."""
    if paper["state"] != "submitted" and paper.get("closed") and not paper.get("only_some_sets"):
        yield Button(_("Ask for a later deadline"), paths.centre_requests(centre_no, paper["id"]))


def buttons(paper: Paper, centre_no: str, *, reads_only: bool = False) -> list[Button]:
    """The buttons of a paper, in the order of the guide."""
    at = (centre_no, paper["id"])
    offered: list[Button] = []
    if paper["results_released"]:
        offered.append(Button(_("Moderator's report"), paths.moderator_report(*at), place="report"))
    if is_submitted(paper):
        offered.append(Button(_("View samples"), paths.samples(*at), place="samples"))
    if is_submitted(paper) and paper["upload"] != "none":
        label = _("View evidence") if reads_only else _("Upload evidence")
        offered.append(Button(label, paths.evidence(*at), place="evidence"))
    if paper["state"] == "submitted":
        return offered + _after_submission(paper, centre_no, reads_only=reads_only)
    return offered + _before_submission(paper, centre_no, reads_only=reads_only)


def _after_submission(paper: Paper, centre_no: str, *, reads_only: bool) -> list[Button]:
    label = _("View marks") if reads_only else _("View/edit marks")
    return [
        Button(label, paths.marksheet(centre_no, paper["id"]), place="marks"),
        _stands(_("All marks submitted (%(count)s)", count=paper["submitted"])),
    ]


def _before_submission(paper: Paper, centre_no: str, *, reads_only: bool) -> list[Button]:
    """Entering and submitting; of a reopened paper, the late candidates."""
    counts = {"done": paper["done"], "left": paper["left"]}
    marksheet = paths.marksheet(centre_no, paper["id"])
    if reads_only or paper.get("closed"):
        label = _("View marks (%(done)s done, %(left)s left)", **counts)
        look = Button(label, marksheet, place="marks")
        return [look] if reads_only else [look, _stands(_("No marks are taken any more."))]
    enter = Button(
        _("Enter marks (%(done)s done, %(left)s left)", **counts),
        marksheet,
        main=bool(counts["left"]),
        place="marks",
    )
    if not is_complete(paper):
        said = _("No marks to submit (%(count)s submitted)", count=paper["submitted"])
        return [enter, _stands(said)]
    if not is_ready(paper):
        return [enter, _stands(_("Your teaching sets are complete. Your exams officer submits."))]
    count = paper["candidates"] - paper["submitted"]
    submit = Button(
        _("Submit marks and generate samples (%(count)s)", count=count),
        paths.submission(centre_no, paper["id"]),
        main=True,
        place="submission",
    )
    return [enter, submit]


def _stands(said: str) -> Button:
    """How the paper stands, where its submission would be."""
    return Button(said, place="submission")
