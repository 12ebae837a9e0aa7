"""Reading the read model."""

from collections import Counter
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from services.reports.domain import report as domain
from services.reports.domain.marks import ClericalError, Submitted, Tasks, merge
from services.reports.domain.words import display_name, sample_word
from services.reports.models import Candidate, EvidenceFile, Paper, Submission
from shared.access.rules import Relation


def is_visible(session: Session, relation: Relation, centre_no: str, paper_id: str) -> bool:
    """Whether there is a report: the centre has entries; for a moderator it has submitted, too."""
    there = [
        exists().where(Paper.id == paper_id),
        exists().where(
            Candidate.centre_no == centre_no,
            Candidate.paper_id == paper_id,
            Candidate.withdrawn.is_(False),
        ),
    ]
    if relation == "appointee":
        there.append(
            exists().where(Submission.centre_no == centre_no, Submission.paper_id == paper_id)
        )
    return bool(session.scalar(select(and_(*there))))


def candidate_details(session: Session, centre_no: str, paper_id: str) -> domain.Report:
    """The report; there is one where `is_visible` says so."""
    submission = session.get(Submission, (centre_no, paper_id))
    evidence = _evidence(session, centre_no, paper_id)
    return domain.Report(
        paper=_paper(session.get_one(Paper, paper_id)),
        centre_no=centre_no,
        submitted_at=submission.submitted_at if submission else None,
        rows=tuple(
            _row(candidate, evidence[candidate.candidate_no])
            for candidate in _candidates(session, centre_no, paper_id)
        ),
    )


def reports_of(session: Session, centre_no: str) -> list[domain.ListedReport]:
    """Every report of a centre, in the order of the list."""
    entered = select(Candidate.paper_id).where(
        Candidate.centre_no == centre_no, Candidate.withdrawn.is_(False)
    )
    of_centre = and_(Submission.paper_id == Paper.id, Submission.centre_no == centre_no)
    found = session.execute(
        select(Paper, Submission.submitted_at)
        .outerjoin(Submission, of_centre)
        .where(Paper.id.in_(entered))
    )
    return domain.newest_series_first(
        [domain.ListedReport(_paper(paper), submitted_at) for paper, submitted_at in found]
    )


def _candidates(session: Session, centre_no: str, paper_id: str) -> list[Candidate]:
    entered = select(Candidate).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        Candidate.withdrawn.is_(False),
    )
    return list(session.scalars(entered.order_by(Candidate.candidate_no)))


def _evidence(session: Session, centre_no: str, paper_id: str) -> Counter[str]:
    """How many files each candidate has."""
    kept = select(EvidenceFile.candidate_no, func.count()).where(
        EvidenceFile.centre_no == centre_no,
        EvidenceFile.paper_id == paper_id,
        EvidenceFile.deleted.is_(False),
    )
    counted = session.execute(kept.group_by(EvidenceFile.candidate_no))
    return Counter(dict(counted.all()))


def _paper(paper: Paper) -> domain.Paper:
    tasks, outcomes = paper.tasks, paper.outcomes
    return domain.Paper(
        id=paper.id,
        code=paper.code,
        title=paper.title,
        unit=paper.unit,
        full_title=paper.full_title,
        qualification=paper.qualification,
        series=domain.Series(paper.series["month"], paper.series["year"]),
        tasks=None if tasks is None else tuple(domain.Task(t["name"], t["max"]) for t in tasks),
        outcomes=None if outcomes is None else tuple(outcomes),
        initials_required=paper.initials_required,
    )


def _row(candidate: Candidate, evidence: int) -> domain.Row:
    return domain.Row(
        candidate_no=candidate.candidate_no,
        name=display_name(candidate.surname, candidate.forenames),
        dob=candidate.dob,
        mark=merge(_submitted(candidate), _clerical_error(candidate)),
        sample=sample_word(candidate.chosen_by),
        evidence=evidence,
    )


def _submitted(candidate: Candidate) -> Submitted | None:
    if not candidate.mark_sequence:
        return None
    return Submitted(
        sequence=candidate.mark_sequence,
        tasks=_tasks(candidate.tasks),
        total=candidate.total,
        effective_total=candidate.effective_total,
        code=candidate.code,
        outcome=candidate.outcome,
        initials=candidate.initials,
    )


def _clerical_error(candidate: Candidate) -> ClericalError | None:
    if not candidate.clerical_sequence:
        return None
    return ClericalError(
        sequence=candidate.clerical_sequence,
        tasks=_tasks(candidate.clerical_tasks),
        total=candidate.clerical_total,
    )


def _tasks(read: list[Any] | None) -> Tasks | None:
    return None if read is None else tuple(read)
