"""Sheets that are sampled as one: a centre's own, or those of all the centres of a consortium.

The sample of a group waits until every centre of it that has entries has submitted, and every
linked paper of these centres too. Its candidates are ranked together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from services.sampling.commands.samples import chosen_candidates, generate, put_in
from services.sampling.domain import Candidate, Choice, choose, grow
from services.sampling.models import EnteredCandidate, Paper, Sheet
from services.sampling.policies import POLICIES
from services.sampling.queries import sampled, submitted
from shared.audit import SYSTEM

Key = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """The submitted sheets of a paper that are ranked together."""

    paper: Paper
    sheets: Sequence[Sheet]


def centres_of(paper: Paper, centre_no: str) -> list[str]:
    """The centres of the consortium, the centre itself where it is in none."""
    found = (centres for centres in paper.consortia if centre_no in centres)
    return sorted({centre_no, *next(found, [])})


def generate_ready(session: Session, waiting: Sequence[Sheet]) -> None:
    """Generate the sample of each waiting sheet that waits for nobody any more."""
    papers = session.scalars(select(Paper).where(Paper.id.in_({one.paper_id for one in waiting})))
    by_id = {paper.id: paper for paper in papers}
    groups = {
        (paper.id, *centres_of(paper, sheet.centre_no)): paper
        for sheet in waiting
        for paper in (by_id[sheet.paper_id],)
    }
    awaited = {key: _sheets_of(paper, key[1:]) for key, paper in groups.items()}
    unsubmitted = _unsubmitted(session, set().union(*awaited.values()))
    for key, paper in groups.items():
        if not awaited[key] & unsubmitted:
            settle_group(session, _group(session, paper, key[1:]))


def settle_group(session: Session, group: Group) -> None:
    """Choose for the sheets that wait, and let the others grow; everybody chosen stays."""
    chosen = _chosen(session, group)
    candidates = _candidates(session, group)
    policy = POLICIES[group.sheets[0].policy]
    pick = partial(grow, chosen=chosen) if chosen else choose
    paper = group.paper
    picked = pick(policy, candidates, outcomes=paper.outcomes, not_classified=paper.not_classified)
    by_centre: dict[str, list[Choice]] = defaultdict(list)
    for choice in picked:
        centre_no, _slash, number = choice.candidate_no.partition("/")
        by_centre[centre_no].append(replace(choice, candidate_no=number))
    for sheet in group.sheets:
        _put(session, sheet, by_centre[sheet.centre_no])


def extend(session: Session, sheet: Sheet, paper: Paper) -> None:
    """Let a generated sample grow after late entries, with those it is ranked with.

    While anybody of the group is awaited, its sheets that wait go on waiting.
    """
    centres = centres_of(paper, sheet.centre_no)
    group = _group(session, paper, centres)
    if _unsubmitted(session, _sheets_of(paper, centres)):
        group = replace(group, sheets=[one for one in group.sheets if one.state == "generated"])
    settle_group(session, group)


def _put(session: Session, sheet: Sheet, choices: Sequence[Choice]) -> None:
    rows = chosen_candidates(sheet, choices)
    if sheet.state == "waiting":
        generate(session, sheet, rows)
    elif rows:
        put_in(session, sheet, rows, SYSTEM, "supplementary submission")


def _group(session: Session, paper: Paper, centres: Sequence[str]) -> Group:
    """The sheets, locked in the order of their centres."""
    wanted = select(Sheet).where(Sheet.paper_id == paper.id, Sheet.centre_no.in_(centres))
    locked = session.scalars(wanted.order_by(Sheet.centre_no).with_for_update())
    return Group(paper, locked.all())


def _candidates(session: Session, group: Group) -> list[Candidate]:
    """Everybody submitted; a candidate number is unique in its centre alone."""
    return [
        replace(one, candidate_no=f"{sheet.centre_no}/{one.candidate_no}")
        for sheet in group.sheets
        for one in submitted(session, sheet)
    ]


def _chosen(session: Session, group: Group) -> set[str]:
    return {
        f"{sheet.centre_no}/{row.candidate_no}"
        for sheet in group.sheets
        for row in sampled(session, sheet)
    }


def _sheets_of(paper: Paper, centres: Sequence[str]) -> set[Key]:
    """The sheets that a group waits for."""
    return {(centre_no, of) for centre_no in centres for of in (paper.id, *paper.linked)}


def _unsubmitted(session: Session, sheets: set[Key]) -> set[Key]:
    """Of these sheets, those that have an entry and no submission."""
    centres, papers = {key[0] for key in sheets}, {key[1] for key in sheets}
    submitted_too = exists().where(
        Sheet.centre_no == EnteredCandidate.centre_no, Sheet.paper_id == EnteredCandidate.paper_id
    )
    wanted = select(EnteredCandidate.centre_no, EnteredCandidate.paper_id).where(
        EnteredCandidate.centre_no.in_(centres),
        EnteredCandidate.paper_id.in_(papers),
        EnteredCandidate.withdrawn.is_(False),
        ~submitted_too,
    )
    return {(row.centre_no, row.paper_id) for row in session.execute(wanted.distinct())}
