"""When evidence may be uploaded or deleted, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.clock import end_of_day
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.i18n import format_date
from shared.i18n import gettext as _

NO_SAMPLE = "no-sample"
OUTSIDE_SAMPLE = "outside-sample"

MEBIBYTE = 2**20

# So long an upload in parts may go on after the last day it could be begun on.
TO_END = timedelta(hours=24)

# How a paper wants its evidence uploaded.
NONE = "none"
CANDIDATE = "candidate"
GROUP = "group"

# What a file may be: only an accepted one is handed out.
ACCEPTED = "accepted"
REJECTED = "rejected"
WAITING = "waiting"


@dataclass(frozen=True)
class Place:
    """Where a file belongs: to a candidate of a sheet or, without one, to the whole group."""

    centre_no: str
    paper_id: str
    candidate_no: str | None = None

    @property
    def sheet(self) -> str:
        """The subject of its events."""
        return f"{self.centre_no}/{self.paper_id}"

    def __str__(self) -> str:
        return f"{self.sheet}/{self.candidate_no or 'group'}"


@dataclass(frozen=True)
class Asked:
    """The evidence asked for a sheet; `upload` is `none`, `candidate` or `group` (which is both).

    `sample` has the due date of each sampled candidate (None where the paper's own date holds),
    and is None while there is no sample. `pieces` are the named ones that each candidate brings,
    and no file has more than `max_file_mib` MiB (None: than the installation allows).
    """

    upload: str
    evidence_until: date
    sample: Mapping[str, date | None] | None
    pieces: Sequence[str] = ()
    max_file_mib: int | None = None

    def largest(self, of_installation: int) -> int:
        """The size of the largest file that is taken, in bytes."""
        wanted = (self.max_file_mib or 0) * MEBIBYTE
        return min(wanted, of_installation) if wanted else of_installation

    def until(self, candidate_no: str | None) -> date:
        """The last day: the paper's, or that of a further request where it is later."""
        sample = self.sample or {}
        dues = sample.values() if candidate_no is None else [sample.get(candidate_no)]
        return max([self.evidence_until, *(due for due in dues if due is not None)])


def check_upload(asked: Asked | None, candidate_no: str | None, now: datetime) -> Asked:
    """What is asked; raises what stands against a file for the candidate (None: the group) now.

    Nothing (None) is asked of a paper not heard of yet.
    """
    if asked is None:
        raise _no_sample()
    _check_kind(asked, candidate_no)
    if asked.sample is None:
        raise _no_sample()
    if candidate_no is not None and candidate_no not in asked.sample:
        outside = _(
            "Candidate %(candidate_no)s is not in the sample, so no evidence is asked for.",
            candidate_no=candidate_no,
        )
        errors = [FieldError("/candidate_no", outside)]
        raise UnprocessableError(outside, errors=errors, slug=OUTSIDE_SAMPLE)
    last_day = asked.until(candidate_no)
    if now > end_of_day(last_day):
        raise _closed(_("Evidence could be uploaded until %(day)s.", day=format_date(last_day)))
    return asked


def counted_at(begun_at: datetime, now: datetime) -> datetime:
    """When an upload in parts that ends now counts as made: at its beginning, `TO_END` ago at most.

    So one that was begun in time is kept though it ends a little after the last day.
    """
    return max(begun_at, now - TO_END)


def check_delete(asked: Asked, candidate_no: str | None, now: datetime) -> None:
    """Raise `ConflictError` when files of the candidate (None: of the group) must stay."""
    last_day = asked.until(candidate_no)
    if now > end_of_day(last_day):
        raise _closed(_("Evidence could be deleted until %(day)s.", day=format_date(last_day)))


def check_purge(series: str, last_days: Sequence[date], now: datetime) -> None:
    """Raise `ConflictError` while files of a series may still be uploaded, or be on their way."""
    if last_days and now <= end_of_day(max(last_days)) + TO_END:
        raise ConflictError(
            _(
                "Evidence of %(series)s is taken until %(day)s,"
                " and an upload begun in time may end up to 24 hours later.",
                series=series,
                day=format_date(max(last_days)),
            ),
            slug="evidence-open",
        )


def check_download(status: str) -> None:
    """Raise `ConflictError` for a file that nobody gets, or not yet."""
    if status == WAITING:
        raise ConflictError(
            _("This file is still being checked for viruses. Please try again in a moment."),
            slug="file-waiting",
        )
    if status == REJECTED:
        raise ConflictError(
            _(
                "This file was rejected: a virus was found in it, or it could not be checked."
                " It cannot be downloaded."
            ),
            slug="file-rejected",
        )


def check_preview(shown_as: str | None) -> str:
    """The type a file is shown as in a page; `ConflictError` where it is only downloaded."""
    if shown_as is None:
        raise ConflictError(
            _("This kind of file is not shown in the page: download it."), slug="no-preview"
        )
    return shown_as


def _check_kind(asked: Asked, candidate_no: str | None) -> None:
    if asked.upload == NONE:
        raise ConflictError(
            _("Evidence of this paper is not uploaded: send the work to the moderator."),
            slug="no-upload",
        )
    if asked.upload == CANDIDATE and candidate_no is None:
        raise ConflictError(
            _("Evidence of this paper is uploaded for each candidate, not for the group."),
            slug="no-group-upload",
        )


def _no_sample() -> ConflictError:
    said = _("There is no sample yet. Evidence can be uploaded once the sample is generated.")
    return ConflictError(said, slug=NO_SAMPLE)


def _closed(sentence: str) -> ConflictError:
    return ConflictError(sentence, slug="evidence-closed")
