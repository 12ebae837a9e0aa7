"""When evidence may be uploaded or deleted, and for whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shared.clock import end_of_day
from shared.errors import ConflictError, FieldError, UnprocessableError
from shared.i18n import gettext as _

NO_SAMPLE = "no-sample"
OUTSIDE_SAMPLE = "outside-sample"


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
    and is None while there is no sample.
    """

    upload: str
    evidence_until: date
    sample: Mapping[str, date | None] | None

    def until(self, candidate_no: str | None) -> date:
        """The last day: the paper's, or that of a further request where it is later."""
        sample = self.sample or {}
        dues = sample.values() if candidate_no is None else [sample.get(candidate_no)]
        return max([self.evidence_until, *(due for due in dues if due is not None)])


def check_upload(asked: Asked | None, candidate_no: str | None, now: datetime) -> None:
    """Raise what stands against uploading a file for the candidate (None: for the group) now.

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
        raise _closed(_("Evidence could be uploaded until %(day)s.", day=last_day.isoformat()))


def check_delete(asked: Asked, candidate_no: str | None, now: datetime) -> None:
    """Raise `ConflictError` when files of the candidate (None: of the group) must stay."""
    last_day = asked.until(candidate_no)
    if now > end_of_day(last_day):
        raise _closed(_("Evidence could be deleted until %(day)s.", day=last_day.isoformat()))


def _check_kind(asked: Asked, candidate_no: str | None) -> None:
    if asked.upload == "none":
        raise ConflictError(
            _("Evidence of this paper is not uploaded: send the work to the moderator."),
            slug="no-upload",
        )
    if asked.upload == "candidate" and candidate_no is None:
        raise ConflictError(
            _("Evidence of this paper is uploaded for each candidate, not for the group."),
            slug="no-group-upload",
        )


def _no_sample() -> ConflictError:
    said = _("There is no sample yet. Evidence can be uploaded once the sample is generated.")
    return ConflictError(said, slug=NO_SAMPLE)


def _closed(sentence: str) -> ConflictError:
    return ConflictError(sentence, slug="evidence-closed")
