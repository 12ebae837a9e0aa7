"""The candidate details report and the list of those a centre can open."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from services.reports.domain import report as domain
from services.reports.domain.marks import ClericalError, Submitted, Tasks, merge
from services.reports.domain.moderator_report import is_released
from services.reports.domain.words import display_name, sample_word
from services.reports.models import Candidate, Correction, EvidenceFile, Paper, Submission
from services.reports.queries.freshness import as_of
from shared import clock
from shared.access.principal import Principal
from shared.access.relations import Relation
from shared.access.rules import only_papers
from shared.access.teaching_sets import candidates_of, only_sets, papers_of_sets


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
            exists().where(
                Submission.centre_no == centre_no,
                Submission.paper_id == paper_id,
                Submission.reopened.is_(False),
            )
        )
    return bool(session.scalar(select(and_(*there))))


def candidate_details(
    session: Session,
    centre_no: str,
    paper_id: str,
    there: Collection[str] | None = None,
    *,
    submitted_only: bool = False,
) -> domain.Report:
    """The report; there is one where `is_visible` says so. With `there`, of these candidates.

    With `submitted_only` it is of those whose marks are submitted.
    """
    submission = session.get(Submission, (centre_no, paper_id))
    evidence = _evidence(session, centre_no, paper_id)
    corrections = _corrections(session, centre_no, paper_id)
    undone = submission.sequence if submission and submission.reopened else 0
    which = (Candidate.mark_sequence > undone,) if submitted_only else ()
    paper = session.get_one(Paper, paper_id)
    released = is_released(paper.results_day, clock.now())
    return domain.Report(
        paper=paper_of(paper),
        centre_no=centre_no,
        submitted_at=submission.submitted_at if submission and not undone else None,
        rows=tuple(
            _row(candidate, undone, released=released).with_files_and_correction(
                evidence[candidate.candidate_no], corrections.get(candidate.candidate_no)
            )
            for candidate in _candidates(session, centre_no, paper_id, *which)
            if there is None or candidate.candidate_no in there
        ),
        as_of=as_of(session),
    )


def report_for(session: Session, who: Principal, centre_no: str, paper_id: str) -> domain.Report:
    """The report, of those candidates that there are for `who`.

    A moderator sees those submitted only: late entries still being marked are the centre's.
    """
    there = candidates_of(session, who, centre_no, paper_id)
    submitted_only = who.kind == "appointee"
    return candidate_details(session, centre_no, paper_id, there, submitted_only=submitted_only)


def reports_of(session: Session, centre_no: str, who: Principal) -> list[domain.ListedReport]:
    """Every report of a centre that there is for `who`, in the order of the list."""
    entered = select(Candidate.paper_id).where(
        Candidate.centre_no == centre_no, Candidate.withdrawn.is_(False)
    )
    only, sets = only_papers(who, centre_no), only_sets(who, centre_no)
    if only is not None:
        entered = entered.where(Candidate.paper_id.in_(only))
    if sets is not None:
        entered = entered.where(Candidate.paper_id.in_(papers_of_sets(centre_no, sets)))
    of_centre = and_(
        Submission.paper_id == Paper.id,
        Submission.centre_no == centre_no,
        Submission.reopened.is_(False),
    )
    found = session.execute(
        select(Paper, Submission.submitted_at)
        .outerjoin(Submission, of_centre)
        .where(Paper.id.in_(entered))
    )
    return domain.newest_series_first(
        [domain.ListedReport(paper_of(paper), submitted_at) for paper, submitted_at in found]
    )


def _candidates(
    session: Session, centre_no: str, paper_id: str, *which: ColumnElement[bool]
) -> list[Candidate]:
    entered = select(Candidate).where(
        Candidate.centre_no == centre_no,
        Candidate.paper_id == paper_id,
        Candidate.withdrawn.is_(False),
        *which,
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


def _corrections(session: Session, centre_no: str, paper_id: str) -> dict[str, domain.Correction]:
    """By candidate: acknowledged where all of theirs are."""
    recorded = select(Correction).filter_by(centre_no=centre_no, paper_id=paper_id)
    found: dict[str, domain.Correction] = {}
    for error in session.scalars(recorded.order_by(Correction.acknowledged.desc())):
        found[error.candidate_no] = "acknowledged" if error.acknowledged else "recorded"
    return found


def paper_of(paper: Paper) -> domain.Paper:
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


def _row(candidate: Candidate, undone: int, *, released: bool) -> domain.Row:
    """A line of the report; marks told up to the sequence `undone` count no more."""
    submitted = _submitted(candidate) if candidate.mark_sequence > undone else None
    moderated = candidate.moderated_outcome or candidate.moderated_total
    return domain.Row(
        candidate_no=candidate.candidate_no,
        name=display_name(candidate.surname, candidate.forenames),
        dob=candidate.dob,
        mark=merge(submitted, _clerical_error(candidate)),
        sample=sample_word(None if undone else candidate.chosen_by),
        amendment=candidate.amendment,
        moderated=moderated if released and submitted else None,
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
