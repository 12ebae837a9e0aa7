"""Choosing a sheet's sample and putting candidates into it; everybody in it stays."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from prometheus_client import Counter
from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.sampling.domain import Choice
from services.sampling.models import (
    Moderation,
    ModeratorMarkRow,
    Note,
    SampledCandidate,
    Sheet,
    SubmittedCandidate,
)
from services.sampling.queries import sampled, told_candidate
from shared import clock
from shared.access.principal import Principal
from shared.audit import SYSTEM, Change, record
from shared.db import after_commit
from shared.events.outbox import emit

MADE = Counter("iamis_samples_made_total", "Samples chosen for submitted sheets", ["policy"])
SAMPLED = Counter(
    "iamis_sampled_candidates_total", "Candidates put into samples, by the reason", ["reason"]
)


def generate(session: Session, sheet: Sheet, rows: Sequence[SampledCandidate]) -> None:
    """Give a waiting sheet its sample, which may be empty, and say so."""
    sheet.state, sheet.generated_at = "generated", clock.now()
    data = _change(session, sheet, rows, SYSTEM, "submission")
    emit(session, "sample.generated.v1", sheet.subject, data)
    after_commit(session, MADE.labels(sheet.policy).inc)


def chosen_candidates(sheet: Sheet, choices: Iterable[Choice]) -> list[SampledCandidate]:
    """What the system chose, as rows to be put in."""
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


def forget(session: Session, sheet: Sheet, why: str) -> None:
    """Take a sheet out with its sample and notes, for it was made of a mistake; audited."""
    of_sheet = {"centre_no": sheet.centre_no, "paper_id": sheet.paper_id}
    before = _numbers(sampled(session, sheet))
    for table in (SampledCandidate, SubmittedCandidate, Note, ModeratorMarkRow, Moderation):
        session.execute(delete(table).filter_by(**of_sheet))
    change = Change({"candidates": before}, {"candidates": []}, why)
    record(session, SYSTEM, "sample.forgotten", sheet.subject, change)
    session.delete(sheet)


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
    before = sampled(session, sheet)
    session.add_all(rows)
    for row in rows:
        after_commit(session, SAMPLED.labels(row.reason_code).inc)
    after = sorted([*before, *rows], key=attrgetter("candidate_no"))
    change = Change({"candidates": _numbers(before)}, {"candidates": _numbers(after)}, why)
    record(session, who, "sample.changed", sheet.subject, change)
    return event_data(sheet, told_at(sheet, rows), [told_candidate(row) for row in after])


def _numbers(rows: Iterable[SampledCandidate]) -> list[str]:
    return [row.candidate_no for row in rows]


def told_at(sheet: Sheet, rows: Iterable[SampledCandidate]) -> datetime:
    """When the sample of a generated sheet came to be as it is, as it is told then and again."""
    return max(at for at in (sheet.generated_at, *(row.at for row in rows)) if at)


def event_data(
    sheet: Sheet, at: datetime, candidates: Sequence[Mapping[str, Any]]
) -> dict[str, object]:
    """The data of `sample.generated.v1` and `sample.extended.v1`."""
    return {
        "centre_no": sheet.centre_no,
        "paper_id": sheet.paper_id,
        "policy": sheet.policy,
        "at": at.isoformat(),
        "candidates": list(candidates),
    }
