"""The step-by-step guide: a page for each step that a teacher, exams officer or moderator takes.

The text of a step is `templates/guide/<name>.html`, its pictures are taken by `make pictures`.
"""

import functools
from dataclasses import dataclass

from shared.errors import NotFoundError
from shared.i18n import gettext as _


@dataclass(frozen=True)
class Step:
    """One page of the guide.

    `name` is its address. `pages` are the views that it describes, and is linked from.
    """

    name: str
    title: str
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Turned:
    """The guide, open at a step."""

    chapter: Chapter
    step: Step
    before: Step | None
    after: Step | None


def chapters() -> list[Chapter]:
    """The whole guide, in the language of the page that is being drawn."""
    return [
        _beginning(),
        _entering(),
        _submitting(),
        _after_submitting(),
        _managing(),
        _moderating(),
    ]


def turn_to(name: str) -> Turned:
    """Open the guide at the step of that name; raises `NotFoundError` where there is none."""
    leaves = [(chapter, step) for chapter in chapters() for step in chapter.steps]
    for place, (chapter, step) in enumerate(leaves):
        if step.name == name:
            before = leaves[place - 1][1] if place else None
            after = leaves[place + 1][1] if place + 1 < len(leaves) else None
            return Turned(chapter, step, before, after)
    raise NotFoundError(_("There is no such thing here."))


def step_about(page: str | None) -> str:
    """The name of the step that describes a view; empty where none does."""
    return _by_page().get(page or "", "")


@functools.cache
def _by_page() -> dict[str, str]:
    """Names are the same in every language."""
    return {page: step.name for one in chapters() for step in one.steps for page in step.pages}


def _beginning() -> Chapter:
    return Chapter(
        _("To begin with"),
        (
            Step(
                "signing-in",
                _("Sign in"),
                ("home", "sign_in_code", "sign_in_enrol", "services", "no_access", "account"),
            ),
            Step("papers", _("Find your papers"), ("marks", "marks_menu")),
        ),
    )


def _entering() -> Chapter:
    return Chapter(
        _("Enter marks"),
        (
            Step("entering-marks", _("Type the marks"), ("marksheet", "mark_history")),
            Step("absent", _("Absent candidates and marks carried forward")),
            Step("initials", _("Teacher initials")),
            Step("finding", _("Find a candidate, and who is missing")),
            Step("marks-file", _("Marks from a file"), ("marks_file",)),
            Step("late-entries", _("Late entries and later deadlines"), ("centre_requests",)),
        ),
    )


def _submitting() -> Chapter:
    return Chapter(
        _("Submit, and send the sample"),
        (
            Step("submitting", _("Submit the marks"), ("submission", "submissions")),
            Step(
                "sample",
                _("Look at the sample"),
                ("sample", "timeline", "moderator", "address_label"),
            ),
            Step("adding", _("If work is lost or incomplete")),
            Step(
                "evidence",
                _("Upload evidence"),
                ("evidence", "upload_evidence", "delete_evidence", "describe_evidence"),
            ),
        ),
    )


def _after_submitting() -> Chapter:
    return Chapter(
        _("After the submission"),
        (
            Step("clerical-errors", _("Clerical errors"), ("corrections",)),
            Step("amendments", _("Ask for an amendment"), ("amendments", "add_document")),
            Step(
                "reports",
                _("Print and download reports"),
                ("reports", "report", "figures", "ask_for_bundle", "bundle"),
            ),
            Step("moderators-report", _("Moderator's report"), ("moderator_report",)),
        ),
    )


def _managing() -> Chapter:
    return Chapter(
        _("For exams officers"),
        (
            Step("inviting", _("Invite people"), ("invite_user", "import_users")),
            Step("access", _("Give access to IAMIS"), ("users", "manage_user", "audit_of_centre")),
            Step("progress", _("See how far everybody is"), ("centre_progress",)),
        ),
    )


def _moderating() -> Chapter:
    return Chapter(
        _("For moderators"),
        (
            Step("allocations", _("Your allocations"), ("allocations", "own_address")),
            Step("moderating", _("Moderate a sample"), ("moderation", "moderation_preview")),
            Step("recording", _("Record a clerical error"), ("clerical_error",)),
            Step("asking", _("Ask for further work")),
            Step(
                "writing",
                _("Write the report"),
                ("write_moderator_report", "add_report_file", "remove_report_file"),
            ),
        ),
    )
