"""Keeping the read model: the newest word on each group of columns stands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, inspect, update
from sqlalchemy.orm import Session

from services.reports.models import (
    Candidate,
    Correction,
    EvidenceFile,
    Heard,
    Lack,
    ModeratorReport,
    Paper,
    Submission,
)
from shared import clock
from shared.events.outbox import insert_into

Values = Mapping[str, Any]
# Watermarks are called this and the sheet (what became of its marks, who lacks evidence, who is
# sampled) or the paper.
GUARDS = OUTCOME_OF, LACKING_OF, PAPER_OF, SAMPLE_OF = (
    "moderation:",
    "lacking:",
    "paper:",
    "sample:",
)


def forget_paper(session: Session, paper_id: str) -> None:
    """Know it no more, unless something here is about it."""
    about = (Candidate, Submission, ModeratorReport)
    used = [exists().where(table.paper_id == paper_id) for table in about]
    session.execute(delete(Paper).where(Paper.id == paper_id, *(~one for one in used)))


def note_heard(session: Session, subject: str) -> None:
    """Marks tells of this subject now."""
    now = clock.now()
    insert = insert_into(session, Heard).values(subject=subject, at=now)
    session.execute(insert.on_conflict_do_update(index_elements=["subject"], set_={"at": now}))


def forget_sample(session: Session, sheet: Values) -> None:
    """Know nobody of the sheet as sampled; a sample told later has a higher sequence."""
    session.execute(update(Candidate).filter_by(**sheet).values(chosen_by=None, due=None))
    forget_outcome(session, sheet)


def forget_others(session: Session, sheet: Values, sampled: Collection[str], sequence: int) -> None:
    """Know nobody of the sheet as sampled but these, unless by a sample of a later sequence."""
    others = (
        update(Candidate)
        .filter_by(**sheet)
        .where(
            Candidate.chosen_by.is_not(None),
            Candidate.candidate_no.not_in(sampled),
            Candidate.sample_sequence < sequence,
        )
    )
    session.execute(others.values(chosen_by=None, due=None))


def forget_corrections(session: Session, sheet: Values, before: int) -> None:
    """Show the tasks of no correction told before that sequence: it is of marks that are undone."""
    corrected = update(Candidate).filter_by(**sheet).where(Candidate.clerical_sequence < before)
    session.execute(corrected.values(clerical_tasks=None))


def forget_outcome(session: Session, sheet: Values, but: Collection[str] = ()) -> None:
    """Know nothing of what moderation made of the marks of the sheet, but of these candidates."""
    nothing = {"moderated_total": None, "moderated_outcome": None}
    settled = update(Candidate).filter_by(**sheet).where(Candidate.candidate_no.not_in(but))
    session.execute(settled.values(nothing))


def note_correction(session: Session, values: Values, *, acknowledged: bool) -> None:
    """Know the correction; once acknowledged it stays so."""
    insert = insert_into(session, Correction).values(**values, acknowledged=acknowledged)
    key = [str(column.key) for column in inspect(Correction).primary_key]
    if acknowledged:
        known = insert.on_conflict_do_update(index_elements=key, set_={"acknowledged": True})
    else:
        known = insert.on_conflict_do_nothing(index_elements=key)
    session.execute(known)


def keep_lacking(session: Session, sheet: Values, missing: Mapping[str, Sequence[str]]) -> None:
    """Know who of the sheet lacks evidence, and which pieces; the others lack none."""
    session.execute(delete(Lack).filter_by(**sheet))
    session.add_all(
        Lack(**sheet, candidate_no=one, missing=[*them]) for one, them in missing.items()
    )


def count_file(session: Session, values: Values) -> None:
    """Know the file, unless it is known already, maybe as deleted."""
    insert = insert_into(session, EvidenceFile).values(**values, deleted=False)
    session.execute(insert.on_conflict_do_nothing(index_elements=["file_id"]))


def discount_file(session: Session, values: Values) -> None:
    """Know the file as deleted, now and for ever."""
    insert = insert_into(session, EvidenceFile).values(**values, deleted=True)
    session.execute(
        insert.on_conflict_do_update(index_elements=["file_id"], set_={"deleted": True})
    )
