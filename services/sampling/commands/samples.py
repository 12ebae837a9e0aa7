"""Choosing a sheet's sample and putting candidates into it; everybody in it stays."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.sampling.domain import Choice, choose, grow
from services.sampling.models import EnteredPaper, Paper, SampledCandidate, Sheet
from services.sampling.policies import load_policies
from services.sampling.queries import sampled, submitted, told
from shared import clock
from shared.access.principal import Principal
from shared.audit import Change, record
from shared.events.outbox import emit

POLICIES = load_policies()
SYSTEM = Principal("system", "system", "service", {}, "en", 0)


def generate_ready(session: Session, waiting: Sequence[Sheet]) -> None:
    """Generate the sample of each waiting sheet that waits for no linked paper any more.

    A centre submits every linked paper it has entered candidates for.
    """
    papers = session.scalars(select(Paper).where(Paper.id.in_({one.paper_id for one in waiting})))
    by_id = {paper.id: paper for paper in papers}
    centres = {one.centre_no for one in waiting}
    unsubmitted = _pairs(session, EnteredPaper, centres) - _pairs(session, Sheet, centres)
    for sheet in waiting:
        paper = by_id[sheet.paper_id]
        if not {(sheet.centre_no, linked) for linked in paper.linked} & unsubmitted:
            _generate(session, sheet, paper)


def _pairs(
    session: Session, model: type[EnteredPaper | Sheet], centres: set[str]
) -> set[tuple[str, str]]:
    """The centre and paper of each row of these centres."""
    rows = select(model.centre_no, model.paper_id).where(model.centre_no.in_(centres))
    return {(row.centre_no, row.paper_id) for row in session.execute(rows)}


def _generate(session: Session, sheet: Sheet, paper: Paper) -> None:
    choices = choose(
        POLICIES[sheet.policy],
        submitted(session, sheet),
        outcomes=paper.outcomes,
        not_classified=paper.not_classified,
    )
    sheet.state, sheet.generated_at = "generated", clock.now()
    data = _change(session, sheet, _chosen(sheet, choices), SYSTEM, "submission")
    emit(session, "sample.generated.v1", sheet.subject, data)


def extend(session: Session, sheet: Sheet, paper: Paper) -> None:
    """Let a generated sample grow after late entries; where nobody is added nothing is said."""
    choices = grow(
        POLICIES[sheet.policy],
        submitted(session, sheet),
        {row.candidate_no for row in sampled(session, sheet)},
        outcomes=paper.outcomes,
        not_classified=paper.not_classified,
    )
    if choices:
        put_in(session, sheet, _chosen(sheet, choices), SYSTEM, "supplementary submission")


def _chosen(sheet: Sheet, choices: Iterable[Choice]) -> list[SampledCandidate]:
    now = clock.now()
    return [
        SampledCandidate(
            centre_no=sheet.centre_no,
            paper_id=sheet.paper_id,
            candidate_no=choice.candidate_no,
            chosen_by="system",
            reason_code=choice.reason.code.value,
            reason_values=dict(choice.reason.values),
            at=now,
        )
        for choice in choices
    ]


def put_in(
    session: Session, sheet: Sheet, rows: Sequence[SampledCandidate], who: Principal, why: str
) -> None:
    """Put candidates into a generated sample, and say so."""
    data = _change(session, sheet, rows, who, why)
    emit(session, "sample.extended.v1", sheet.subject, data)


def _change(
    session: Session, sheet: Sheet, rows: Sequence[SampledCandidate], who: Principal, why: str
) -> dict[str, object]:
    """Add to the sample, with its audit row; returns what the event of it carries."""
    before = [row.candidate_no for row in sampled(session, sheet)]
    session.add_all(rows)
    candidates = told(session, sheet)
    after = [one["candidate_no"] for one in candidates]
    change = Change({"candidates": before}, {"candidates": after}, why)
    record(session, who, "sample.changed", sheet.subject, change)
    return {
        "centre_no": sheet.centre_no,
        "paper_id": sheet.paper_id,
        "policy": sheet.policy,
        "at": clock.now().isoformat(),
        "candidates": candidates,
    }
