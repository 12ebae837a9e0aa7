"""Whose evidence is still awaited, of those in a sample."""

from sqlalchemy import ColumnElement, exists

from services.uploads.models import EnteredCandidate, SampleCandidate


def is_entered() -> ColumnElement[bool]:
    """Whether the entry of a sampled candidate was not withdrawn since."""
    return ~exists().where(
        EnteredCandidate.centre_no == SampleCandidate.centre_no,
        EnteredCandidate.paper_id == SampleCandidate.paper_id,
        EnteredCandidate.candidate_no == SampleCandidate.candidate_no,
        EnteredCandidate.withdrawn.is_(True),
    )
