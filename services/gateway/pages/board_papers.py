"""For board staff: the catalogue of series and papers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import flash, render_template, request

from services.gateway import draft_paths, paper_form, paths, service_paths
from services.gateway.calls import Answer, Json
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import which_page
from services.gateway.pages.refusals import why
from services.gateway.paper_form import Fields
from shared.i18n import gettext as _

MOST_LINKABLE = 500
LONGEST_SERIES = 20


@page("/board/papers", access="board")
def board_papers(visit: Visit) -> Drawn:
    """The papers of one series or of all, or those with a word in the title."""
    series = visit.services.part(service_paths.series())
    shown = request.args.get("series", "")[:LONGEST_SERIES]
    known = [] if series is None else [name_of(one["series"]) for one in series["series"]]
    wanted = which_page() | ({"series": shown} if shown in known else {})
    drafts = visit.services.part(draft_paths.kept())
    listed = visit.services.part(f"{service_paths.catalogue()}?{urlencode(wanted)}")
    return render_template(
        "board/papers.html",
        listed=listed,
        drafts=drafts["drafts"] if drafts else [],
        series=series,
        shown=shown if shown in known else "",
        search=wanted["search"],
    )


@page("/board/papers/new", access="board", methods=("GET", "POST"))
def add_paper(visit: Visit) -> Drawn:
    """A form for a paper, begun in the newest series there is."""
    series = visit.services.get(service_paths.series())["series"]
    if not visit.posted:
        return draw_form(visit, paper_form.blank(series[0]["series"] if series else None))
    fields = paper_form.typed()
    if request.form.get("do") == "keep":
        kept = visit.services.send("POST", draft_paths.kept(), {"given": fields})
        if not kept.ok:
            return draw_form(visit, fields, kept)
        flash(_("The draft is kept."), "success")
        return go_to(draft_paths.of(kept.body["id"]))
    answer = visit.services.send("POST", service_paths.catalogue(), paper_form.as_paper(fields))
    return added(answer) if answer.ok else draw_form(visit, fields, answer)


def added(answer: Answer) -> Drawn:
    """To the new paper."""
    flash(_("%(title)s is in the catalogue.", title=answer.body["full_title"]), "success")
    return go_to(paths.change_paper(answer.body["id"]))


@page("/board/papers/<paper_id>", access="board", methods=("GET", "POST"))
def change_paper(visit: Visit, paper_id: str) -> Drawn:
    """A paper with all there is to change of it, and what to look at before it opens."""
    path = service_paths.paper(paper_id)
    paper = visit.services.get(path)
    if not visit.posted:
        return draw_form(visit, paper_form.fields_of(paper), paper=paper)
    if request.form.get("do") == "remove":
        return _remove(visit, paper)
    fields = paper_form.typed()
    fields |= {name: paper_form.fields_of(paper)[name] for name in _kept(paper)}
    answer = visit.services.send("PATCH", path, paper_form.as_paper(fields))
    if not answer.ok:
        return draw_form(visit, fields, answer, paper)
    flash(_("Saved."), "success")
    return go_to(paths.change_paper(paper_id))


def _remove(visit: Visit, paper: Mapping[str, Any]) -> Drawn:
    answer = visit.services.send("DELETE", service_paths.paper(paper["id"]))
    if not answer.ok:
        return draw_form(visit, paper_form.fields_of(paper), answer, dict(paper))
    flash(_("%(title)s is removed from the catalogue.", title=paper["full_title"]), "success")
    return go_to(paths.catalogue())


def _kept(paper: Mapping[str, Any]) -> tuple[str, ...]:
    """What the form shows and does not ask: the series, and with entries what they build on."""
    rules = ("code", "qualification", "tasks", "outcomes", "not_classified", *paper_form.SWITCHES)
    return ("month", "year", *(rules if paper["centres"] else ()))


def draw_form(
    visit: Visit,
    fields: Fields,
    answer: Answer | None = None,
    paper: Json | None = None,
    draft: Json | None = None,
) -> str:
    """The form of a new paper, of one that there is, or of a draft; what an `answer` refused."""
    said = paper_form.errors_by_field(answer.errors) if answer else {}
    errors = {name: why_not for name, why_not in said.items() if name in fields}
    others = " ".join(why_not for name, why_not in said.items() if name not in fields)
    return render_template(
        "board/paper.html",
        typed=fields,
        paper=paper,
        draft=draft,
        kept=_kept(paper) if paper else (),
        errors=errors,
        error=others or (why(answer) if answer and not errors else ""),
        others=_others(visit, fields, paper),
        months=paper_form.MONTHS,
        policies=[(name, paper_form.policy_in_words(name)) for name in paper_form.POLICIES],
    )


def _others(visit: Visit, fields: Fields, paper: Json | None) -> list[Json]:
    """The papers of the series that this one can be linked to."""
    if fields["month"] not in paper_form.MONTHS or not fields["year"].isdecimal():
        return []
    wanted = {"series": f"{fields['month']} {fields['year']}", "rows": MOST_LINKABLE}
    answer = visit.services.send("GET", f"{service_paths.catalogue()}?{urlencode(wanted)}")
    papers = answer.body["papers"] if answer.ok else []
    return [one for one in papers if paper is None or one["id"] != paper["id"]]


def name_of(series: Mapping[str, Any]) -> str:
    """`JUNE 2031`."""
    return f"{series['month']} {series['year']}"
