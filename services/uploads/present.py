"""The present state of uploads, as its events tell it."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.uploads.commands.news import deleted_data, status_data, uploaded_data
from services.uploads.domain.rules import REJECTED
from services.uploads.models import EvidenceFile, Paper
from services.uploads.queries import lacking_of_paper
from shared.events.republish import FETCHED, Present, Told
from shared.service import KeptObject


def uploaded(session: Session) -> Iterator[Told]:
    """Every file, also those deleted since: whoever counts them has to know both."""
    for file in session.scalars(select(EvidenceFile).execution_options(yield_per=FETCHED)):
        yield _subject(file), uploaded_data(file)


def deleted(session: Session) -> Iterator[Told]:
    gone = select(EvidenceFile).where(EvidenceFile.deleted_at.is_not(None))
    for file in session.scalars(gone.execution_options(yield_per=FETCHED)):
        if file.deleted_at:
            yield _subject(file), deleted_data(file, file.deleted_at)


def rejected(session: Session) -> Iterator[Told]:
    """What is not evidence any more; of the others their upload says what they are."""
    found = select(EvidenceFile).where(EvidenceFile.status == REJECTED)
    for file in session.scalars(found.execution_options(yield_per=FETCHED)):
        yield _subject(file), status_data(file, file.status_at)


def lacking(session: Session) -> Iterator[Told]:
    """Of every sheet that evidence is asked for, paper by paper."""
    for paper_id in session.scalars(select(Paper.id).order_by(Paper.id)).all():
        for lack in lacking_of_paper(session, paper_id):
            yield f"{lack['centre_no']}/{lack['paper_id']}", {**lack}


def _subject(file: EvidenceFile) -> str:
    return f"{file.centre_no}/{file.paper_id}"


PRESENT: Present = {
    "evidence.uploaded.v1": uploaded,
    "evidence.status_changed.v1": rejected,
    "evidence.deleted.v1": deleted,
    "evidence.lacking.v1": lacking,
}


def kept_objects(session: Session) -> Iterator[KeptObject]:
    """What the store has of the files that there are; of deleted ones too, of purged ones not."""
    columns = (EvidenceFile.object_key, EvidenceFile.content_type)
    kept = select(*columns, EvidenceFile.size, EvidenceFile.sha256)
    kept = kept.where(EvidenceFile.purged_at.is_(None)).order_by(EvidenceFile.id)
    for row in session.execute(kept.execution_options(yield_per=FETCHED)):
        yield KeptObject(*row)
