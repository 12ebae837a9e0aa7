"""The moderator's report: written by the moderator, read by the centre from results day."""

import hashlib
import re
from functools import partial
from http import HTTPStatus

from flask import flash, render_template, request
from werkzeug.datastructures import FileStorage

from services.gateway import paths, report_paths, service_paths
from services.gateway.calls import Answer, Json
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import lines
from services.gateway.pages.refusals import why
from services.gateway.sheet_parts import SheetParts
from services.gateway.table import REPORT_FILE_LIMIT
from services.gateway.upstream import CHUNK
from shared.errors import ForbiddenError
from shared.i18n import gettext as _
from shared.ids import new_id

BEYOND_MENDING = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
VERSION = re.compile(r"[0-9]{1,9}")
SECTIONS = ("tasks", "accuracy", "administration")


@page("/centres/<centre_no>/papers/<paper_id>/moderator-report", access="signed-in")
def moderator_report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The moderator's report, or that there is none to be seen yet."""
    return draw_report(visit, centre_no, paper_id)


def draw_report(visit: Visit, centre_no: str, paper_id: str, error: str = "", at: str = "") -> str:
    """The page; with what the board's word on it was refused for, and the field that is wrong."""
    answer = visit.services.send("GET", service_paths.moderator_report(centre_no, paper_id))
    return render_template(
        "moderator_report.html",
        error=error,
        wrong_comment=at == "/comment",
        comment=request.form.get("comment", ""),
        centre_no=centre_no,
        paper=visit.services.part(service_paths.marks(centre_no, paper_id), absent={}),
        report=answer.body if answer.ok else None,
        missing=answer.status == HTTPStatus.NOT_FOUND,
        headings=_headings(),
        paper_id=paper_id,
        pdf=service_paths.moderator_report(centre_no, paper_id) + "?format=pdf",
    )


@page(
    "/centres/<centre_no>/papers/<paper_id>/moderator-report/edit",
    access="signed-in",
    methods=("GET", "POST"),
)
def write_moderator_report(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """The moderator's form; what was typed stays in it when it is refused."""
    if visit.user.role != "appointee":
        raise ForbiddenError(_("The report is written by the moderator of the paper."))
    parts = SheetParts(visit.services, centre_no, paper_id)
    at = service_paths.moderator_report(centre_no, paper_id)
    if not visit.posted:
        return _form(parts, visit.services.part(at, absent={}))
    typed = _typed()
    answer = visit.services.send("PUT", at, typed)
    if answer.ok:
        flash(_("The report is saved."), "success")
        return go_to(paths.write_moderator_report(centre_no, paper_id))
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    return _form(parts, _refused(visit, at, typed, answer), answer)


@page(
    "/centres/<centre_no>/papers/<paper_id>/moderator-report/files",
    access="signed-in",
    methods=("GET", "POST"),
    limit=REPORT_FILE_LIMIT,
)
def add_report_file(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """Takes a file for the report; what is wrong with it is said in the form."""
    back = report_paths.form_of_files(centre_no, paper_id)
    if not visit.posted:
        return go_to(back)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _with_files(visit, centre_no, paper_id, _("Choose a file first."))
    at = report_paths.kept_files(centre_no, paper_id)
    answer = visit.services.send_file(at, file, _once(file))
    if str(answer.body.get("type", "")).endswith(":under-way"):
        flash(_("The file is being looked at. Look at this page again in a moment."), "info")
        return go_to(back)
    if answer.status in BEYOND_MENDING:
        raise answer.problem()
    if not answer.ok:
        return _with_files(visit, centre_no, paper_id, why(answer))
    flash(_("The file is added to the report."), "success")
    return go_to(back)


@page(
    "/centres/<centre_no>/papers/<paper_id>/moderator-report/files/<file_id>/removal",
    access="signed-in",
    methods=("GET", "POST"),
)
def remove_report_file(visit: Visit, centre_no: str, paper_id: str, file_id: str) -> Drawn:
    """Removes a file from the report; removed already (a second click) is as good."""
    back = report_paths.form_of_files(centre_no, paper_id)
    if visit.posted:
        at = report_paths.kept_file(centre_no, paper_id, file_id)
        answer = visit.services.send("DELETE", at)
        if not answer.ok and answer.status != HTTPStatus.NOT_FOUND:
            raise answer.problem()
        flash(_("The file is removed from the report."), "success")
    return go_to(back)


def _once(file: FileStorage) -> str:
    """A form sent twice, by a double click, adds one file; with another file it is another form."""
    once = request.form.get("once", "")[:100]
    if not once:
        return ""
    digest = hashlib.sha256(str(file.filename).encode())
    for piece in iter(partial(file.stream.read, CHUNK), b""):
        digest.update(piece)
    return f"{once}-{digest.hexdigest()}"


def _with_files(visit: Visit, centre_no: str, paper_id: str, error: str) -> str:
    parts = SheetParts(visit.services, centre_no, paper_id)
    at = service_paths.moderator_report(centre_no, paper_id)
    return _form(parts, visit.services.part(at, absent={}), file_error=error)


def _typed() -> Json:
    typed: Json = {
        "sections": {name: lines(name) for name in SECTIONS},
        "outcome": request.form.get("outcome", ""),
    }
    version = request.form.get("version", "")
    return {**typed, "version": int(version)} if VERSION.fullmatch(version) else typed


def _refused(visit: Visit, at: str, typed: Json, answer: Answer) -> Json:
    """What stands, with what was typed; after a conflict that may be saved over it."""
    current = answer.body.get("current")
    if current:
        return {**current, **typed, "version": current["version"]}
    stands = visit.services.part(at, absent={}) or {}
    return {**stands, **typed, "version": typed.get("version")}


def _form(
    parts: SheetParts,
    report: Json | None,
    refusal: Answer | None = None,
    file_error: str = "",
) -> str:
    errors = {
        pointer.rpartition("/")[2]: detail
        for pointer, detail in (refusal.errors if refusal else {}).items()
    }
    if refusal and not errors:
        errors = {"": why(refusal)}
    return render_template(
        "moderator_report_form.html",
        centre_no=parts.centre_no,
        paper=parts.paper(),
        report=report,
        headings=_headings(),
        errors=errors,
        file_error=file_error,
        once=new_id(),
        current=refusal.body.get("current") if refusal else None,
    )


def _headings() -> dict[str, str]:
    """The sections of the report, in the order they are read."""
    return {
        "tasks": _("Appropriateness of the tasks"),
        "accuracy": _("Accuracy of the assessment"),
        "administration": _("The centre's administration"),
    }
