"""How far everybody is: a centre for its exams officer, all centres for the board."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import render_template, request

from services.gateway import progress_paths, service_paths
from services.gateway.calls import Json
from services.gateway.page import Drawn, Visit, page
from services.gateway.pages.board_papers import LONGEST_SERIES, name_of
from services.gateway.pages.centres import centre_name
from services.gateway.plots import course, spread_of
from services.gateway.sheet_parts import SheetParts
from shared import clock
from shared.i18n import gettext as _
from shared.working_days import working_days_until


@page("/board/progress", access="board")
def series_progress(visit: Visit) -> Drawn:
    """All centres in one series: the one asked for, or the newest."""
    listed = visit.services.get(service_paths.series())["series"]
    known = [name_of(one["series"]) for one in listed]
    asked = request.args.get("series", "")[:LONGEST_SERIES]
    shown = asked if asked in known else next(iter(known), "")
    counted = visit.services.part(progress_paths.counted(shown)) if shown else None
    named = visit.services.part(service_paths.centres())
    papers = visit.services.part(f"{service_paths.catalogue()}?rows=2000&series={shown}")
    return render_template(
        "board/progress.html",
        known=known,
        shown=shown,
        counted=counted,
        names={one["centre_no"]: one["name"] for one in named["centres"]} if named else {},
        papers=papers["papers"] if papers else [],
    )


@page("/board/papers/<paper_id>/progress", access="board")
def paper_progress(visit: Visit, paper_id: str) -> Drawn:
    """One paper: who has submitted when, and how the marks are spread."""
    counted = visit.services.get(progress_paths.counted_of_paper(paper_id))
    deadline = counted["paper"]["marks_deadline"]
    marks = [one for one in counted["marks"] if one["mark"] is not None]
    everybody = {one["mark"]: one["candidates"] for one in marks}
    return render_template(
        "board/paper_progress.html",
        counted=counted,
        counts=[_count(one) for one in counted["marks"]],
        states=_states(),
        course=course(counted["days"], deadline, len(counted["sheets"])),
        spread=spread_of(everybody, {one["mark"]: one["sampled"] for one in marks}),
    )


def _count(one: Json) -> tuple[str | int, int, int]:
    """A line of the table: the mark or outcome, how many have it, how many are sampled."""
    return one["outcome"] or one["mark"], one["candidates"], one["sampled"]


@page("/centres/<centre_no>/progress", access="signed-in")
def centre_progress(visit: Visit, centre_no: str) -> Drawn:
    """A centre for its exams officer: its papers, who is behind, what is missing by when."""
    behind = visit.services.get(progress_paths.behind(centre_no))
    listed = visit.services.get(service_paths.papers(centre_no))["papers"]
    told = visit.services.part(service_paths.lacking(centre_no))
    lacking = {one["paper_id"]: one for one in told["sheets"]} if told else {}
    return render_template(
        "progress.html",
        centre_no=centre_no,
        centre_name=centre_name(visit, centre_no),
        rows=[_row(paper, behind["sets"], lacking.get(paper["id"])) for paper in listed],
        states=_states(),
        as_of=behind["as_of"],
        evidence_known=told is not None,
    )


def _row(paper: Json, sets: list[Json], lacking: Json | None) -> dict[str, Any]:
    deadline = date.fromisoformat(paper["marks_deadline"])
    return {
        "paper": paper,
        "days": working_days_until(clock.today(), deadline),
        "behind": [one for one in sets if one["paper_id"] == paper["id"]],
        "lacking": lacking,
    }


@page("/centres/<centre_no>/papers/<paper_id>/figures", access="signed-in")
def figures(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """How the submitted marks of a centre's paper are spread, the sample marked.

    Of a paper assessed by outcome they are counted, and not drawn.
    """
    report = visit.services.get(service_paths.report(centre_no, paper_id))
    outcomes = report["paper"]["outcomes"]
    given = "outcome" if outcomes else "mark"
    marked = [row for row in report["rows"] if row[given] is not None]
    everybody = Counter(row[given] for row in marked)
    sampled = Counter(row[given] for row in marked if row["sample"] != "No")
    standing = partial(_standing, outcomes) if outcomes else None
    return render_template(
        "figures.html",
        centre_no=centre_no,
        paper=SheetParts(visit.services, centre_no, paper_id).paper(),
        counts=[(one, everybody[one], sampled[one]) for one in sorted(everybody, key=standing)],
        spread=None if outcomes else spread_of(everybody, sampled),
        as_of=report["as_of"],
    )


def _standing(outcomes: Sequence[str], outcome: str) -> int:
    """Where it stands among these, which are named highest first; below them if it is none."""
    return -(outcomes.index(outcome) if outcome in outcomes else len(outcomes))


def _states() -> dict[str, str]:
    """How a centre is with a paper, in words."""
    return {
        "not_started": _("Not started"),
        "under_way": _("Under way"),
        "complete": _("Complete"),
        "submitted": _("Submitted"),
        "reopened": _("Late entries"),
    }
