"""The marksheet: marks entered and saved, the sample, and what the centre adds to it."""

from dataclasses import dataclass, replace
from typing import Any

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.marksheet import form
from services.gateway.marksheet.additions import Addition
from services.gateway.marksheet.filters import Filters, pages
from services.gateway.marksheet.form import Refusal, Saved
from services.gateway.marksheet.options import choices, in_force
from services.gateway.marksheet.sheet import Sheet
from services.gateway.marksheet.words import script_texts
from services.gateway.menu import is_submitted
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.once import once
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _
from shared.i18n import ngettext
from shared.ids import new_id


@dataclass(frozen=True)
class Place:
    """The marksheet a visit is about, and the part of it that is open."""

    visit: Visit
    centre_no: str
    paper_id: str
    filters: Filters

    @property
    def address(self) -> str:
        return self.filters.address(paths.marksheet(self.centre_no, self.paper_id))

    @property
    def parts(self) -> SheetParts:
        return SheetParts(self.visit.services, self.centre_no, self.paper_id)

    @property
    def marks(self) -> str:
        """The sheet at the marks service."""
        return f"{self.parts.marks}/marksheet"

    def read(self, filters: Filters) -> dict[str, Any]:
        return self.visit.services.get(f"{self.marks}?{filters.query}")


@page(
    "/centres/<centre_no>/papers/<paper_id>/marksheet", access="signed-in", methods=("GET", "POST")
)
def marksheet(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    place = Place(visit, centre_no, paper_id, Filters.of(request.args))
    if not visit.posted:
        return _draw(place)
    if request.form.get("do") == "add":
        return _add_to_sample(place)
    return _save(place)


def _save(place: Place) -> Drawn:
    services = place.visit.services
    rows = list(form.typed_rows(request.form, services.get(place.parts.marks)))
    saved = form.save(services, place.marks, rows)
    if saved.refused:
        return _draw(place, saved=saved)
    flash(_told(saved), "success" if saved.count else "info")
    closes = request.form.get("do") == "close"
    return go_to(paths.menu(place.centre_no) if closes else place.address)


def _told(saved: Saved) -> str:
    if not saved.count:
        return _("Nothing had changed.")
    return ngettext("%(num)s mark saved.", "%(num)s marks saved.", saved.count)


def _add_to_sample(place: Place) -> Drawn:
    addition = Addition.of(request.form).checked()
    if addition.errors:
        return _draw(place, addition=addition)
    additions = f"{service_paths.sample(place.centre_no, place.paper_id)}/additions"
    body = addition.body
    answer = place.visit.services.send("POST", additions, body, once(body))
    if not answer.ok:
        return _draw(place, addition=addition.refused(answer))
    flash(_added(len(addition.candidate_nos)), "success")
    return go_to(place.address)


def _added(count: int) -> str:
    return ngettext(
        "%(num)s candidate added to the sample.", "%(num)s candidates added to the sample.", count
    )


def _draw(place: Place, saved: Saved | None = None, addition: Addition | None = None) -> Drawn:
    refused = saved.refused if saved else {}
    read = place.read(place.filters)
    last = pages(place.filters.rows, read["total"])
    if place.filters.page > last:
        return go_to(replace(place, filters=replace(place.filters, page=last)).address)
    read["candidates"] += _not_listed(place, read, refused)
    sample = place.parts.sample() if is_submitted(read["paper"]) else None
    sheet = Sheet(read, place.visit.user, place.filters, sample, refused)
    return render_template(
        "marksheet/page.html",
        sheet=sheet,
        place=place,
        saved=saved,
        addition=addition or Addition(),
        awaited=place.parts.awaited(read["paper"], sample),
        texts=script_texts(),
        choices=choices(),
        in_force=in_force(place.filters),
        once=new_id(),
    )


def _not_listed(place: Place, read: dict[str, Any], refused: dict[str, Refusal]) -> list[Any]:
    """Candidates refused just now that the options leave out, or have moved to another page."""
    missing = refused.keys() - {candidate["candidate_no"] for candidate in read["candidates"]}
    if not missing:
        return []
    everyone = place.read(Filters(rows="all"))["candidates"]
    return [candidate for candidate in everyone if candidate["candidate_no"] in missing]
