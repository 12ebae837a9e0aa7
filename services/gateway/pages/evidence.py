"""Evidence: the files of the sampled candidates, uploading and deleting them."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from flask import flash, render_template, request
from werkzeug.datastructures import MultiDict

from services.gateway import paths, service_paths
from services.gateway.calls import Answer
from services.gateway.coming_form import ComingForm
from services.gateway.evidence import Parts, has_archive, sections, situation
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.service_paths import GROUP
from services.gateway.sheet_parts import SheetParts
from services.gateway.table import FILE_LIMIT
from shared import clock
from shared.errors import NotFoundError
from shared.i18n import gettext as _
from shared.i18n import ngettext
from shared.settings import settings

# What is larger than one part goes in parts, where there is script.
PART_BYTES = 8 * 2**20

Refusals = Sequence[str]
Sent = tuple[str, Answer]
NONE: Refusals = ()


@page("/centres/<centre_no>/papers/<paper_id>/evidence", access="signed-in")
def evidence(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The files of every sampled candidate and of the group."""
    return _draw(visit, centre_no, paper_id)


@page(
    "/centres/<centre_no>/papers/<paper_id>/evidence/<place>",
    access="signed-in",
    methods=("GET", "POST"),
    limit=FILE_LIMIT,
)
def upload_evidence(visit: Visit, centre_no: str, paper_id: str, place: str) -> Drawn:
    """Takes files for one place; of several, those that are good are kept."""
    back = paths.evidence_of(centre_no, paper_id, place)
    if visit.coming is None:
        return go_to(back)
    answers = _pass_on(visit, service_paths.files(centre_no, paper_id, place), visit.coming)
    refusals = _tell(answers)
    if answers and not refusals:
        return go_to(back)
    refusals = refusals or [_("Choose a file first.")]
    return _draw(visit, centre_no, paper_id, place, refusals)


@page(
    "/centres/<centre_no>/papers/<paper_id>/evidence/<place>/<file_id>/delete",
    access="signed-in",
    methods=("GET", "POST"),
)
def delete_evidence(visit: Visit, centre_no: str, paper_id: str, place: str, file_id: str) -> Drawn:
    """Asks before a file is deleted; deleted already (a second click) is as good."""
    at = service_paths.files(centre_no, paper_id, place)
    back = paths.evidence_of(centre_no, paper_id, place)
    if not visit.posted:
        listed = visit.services.get(at)["files"]
        file = next((one for one in listed if one["id"] == file_id), None)
        if file is None:
            flash(_("This file is deleted already."), "info")
            return go_to(back)
        return render_template("evidence_delete.html", file=file, place=place, back=back)
    answer = visit.services.send("DELETE", f"{at}/{file_id}")
    if answer.ok:
        flash(_("The file is deleted."), "success")
    elif answer.status == HTTPStatus.NOT_FOUND:
        flash(_("This file is deleted already."), "info")
    else:
        flash(_("The file is not deleted: %(why)s", why=why(answer)), "danger")
    return go_to(back)


@page(
    "/centres/<centre_no>/papers/<paper_id>/evidence/<place>/<file_id>/describe",
    access="signed-in",
    methods=("GET", "POST"),
)
def describe_evidence(
    visit: Visit, centre_no: str, paper_id: str, place: str, file_id: str
) -> Drawn:
    """Which piece of the work a file is, and whom it is about, said anew."""
    back = paths.evidence_of(centre_no, paper_id, place)
    if visit.posted:
        at = f"{service_paths.files(centre_no, paper_id, place)}/{file_id}"
        answer = visit.services.send("PATCH", at, _described(place))
        if answer.ok:
            flash(_("What the file is has been changed."), "success")
        else:
            flash(_("The file is as it was: %(why)s", why=why(answer)), "danger")
        return go_to(back)
    parts = _parts(SheetParts(visit.services, centre_no, paper_id))
    made = sections(parts, clock.today().isoformat())
    at_place = next((section for section in made if section.place == place), None)
    file = next((one for one in at_place.files if one["id"] == file_id), None) if at_place else None
    if file is None:
        raise NotFoundError(_("There is no such thing here."))
    return render_template(
        "evidence_describe.html",
        file=file,
        section=at_place,
        sections=made,
        paper=parts.paper,
        back=back,
    )


def _described(place: str) -> dict[str, object]:
    """What the form says anew; what it did not show stays as it is."""
    said: dict[str, object] = {}
    if "piece" in request.form:
        said["piece"] = request.form["piece"] or None
        said["exemption"] = "exemption" in request.form
    if place == GROUP:
        said["candidates"] = request.form.getlist("candidates")
    return said


def _about(fields: MultiDict[str, str]) -> str:
    """What the form says of its files; one that is there already is not kept again."""
    said = {"once": "true", "piece": fields.get("piece", "")}
    if "exemption" in fields:
        said["exemption"] = "true"
    said["candidates"] = ",".join(fields.getlist("candidates"))
    return urlencode({name: value for name, value in said.items() if value})


def _pass_on(visit: Visit, to: str, form: ComingForm) -> list[Sent]:
    """Send the files on as they come, one after another; what they are is said before them."""
    about = _about(form.fields)
    return [
        (file.filename, visit.services.pass_on(to, about, file))
        for file in form.files()
        if file.filename
    ]


def _tell(answers: Sequence[Sent]) -> list[str]:
    """Say what became of the files; gives what was said of those that were refused.

    A file that was taken to be good and has no room, or no place, is not helped by another name.
    """
    kept = sum(answer.status == HTTPStatus.CREATED for _name, answer in answers)
    if kept:
        flash(ngettext("%(num)s file is uploaded.", "%(num)s files are uploaded.", kept), "success")
    for name, answer in answers:
        if answer.status == HTTPStatus.OK:
            flash(_("%(name)s was there already: nothing is kept twice.", name=name), "info")
    refused = [(name, answer) for name, answer in answers if not answer.ok]
    said = [f"{name}: {why(answer)}" for name, answer in refused]
    if any(answer.status != HTTPStatus.CONFLICT for _name, answer in refused):
        said.append(
            _(
                "If it keeps failing, save the file under a different name, or put it into a zip "
                "folder, and upload that."
            )
        )
    return said


def _parts(asked: SheetParts) -> Parts:
    return Parts(asked.paper(), asked.sample(), asked.sampled(), asked.files())


def _draw(
    visit: Visit, centre_no: str, paper_id: str, refused_at: str = "", refusals: Refusals = NONE
) -> str:
    asked = SheetParts(visit.services, centre_no, paper_id)
    parts = _parts(asked)
    made = sections(parts, clock.today().isoformat())
    if refused_at and refused_at not in {section.place for section in made}:
        raise NotFoundError(_("There is no such thing here."))
    return render_template(
        "evidence.html",
        centre_no=centre_no,
        paper_id=paper_id,
        paper=parts.paper,
        sample=parts.sample,
        awaited=asked.awaited(parts.paper, parts.sample),
        situation=situation(parts),
        sections=made,
        has_archive=has_archive(parts),
        refused_at=refused_at,
        refusals=refusals,
        largest=parts.largest(settings().max_file_bytes),
        part_size=PART_BYTES,
        quota=(parts.files or {}).get("quota"),
    )
