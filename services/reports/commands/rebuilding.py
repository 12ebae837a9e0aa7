"""Forgetting the read model, to be told all of it again."""

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from services.reports.commands.read_model import GUARDS
from services.reports.models import (
    Candidate,
    EvidenceFile,
    Extension,
    Lack,
    Paper,
    Submission,
)
from shared.access.models import TeachingSet
from shared.events.models import Watermark

# What is written here, reports of moderators and reminders, is nobody else's to tell. A correction
# stays: of several of a candidate the newest alone is told again.
TOLD_BY_OTHERS = (Candidate, EvidenceFile, Extension, Lack, Submission, Paper, TeachingSet)
# Told last: of a sheet whose paper is not known there is no report, nor is anybody reminded.
AT_LAST = {"paper.changed.v1"}


def forget_all(session: Session) -> None:
    """With the guards: what is told again has the sequence it had, and would count as known.

    Those of access are not of the read model, and stay.
    """
    for table in TOLD_BY_OTHERS:
        session.execute(delete(table))
    guards = [Watermark.aspect.startswith(kind) for kind in GUARDS]
    session.execute(delete(Watermark).where(or_(*guards)))
