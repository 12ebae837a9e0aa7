"""The moderator's workspace: the sample with both marks, the outcome, and the board's decision."""

from collections.abc import Mapping

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.calls import Answer, Json
from services.gateway.moderation import (
    WHOLE,
    Typed,
    columns_of,
    refused_by_candidate,
    workspace,
)
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.plots import scatter
from services.gateway.sheet_parts import SheetParts
from shared.i18n import gettext as _
from shared.i18n import ngettext

BEYOND_MENDING = {403, 404}


@page(
    "/centres/<centre_no>/papers/<paper_id>/moderation",
    access="signed-in",
    methods=("GET", "POST"),
)
def moderation(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """Each form of the page sends what it is to `do`."""
    desk = Desk(visit, centre_no, paper_id)
    if not visit.posted:
        return desk.draw()
    act = {
        "save": desk.save,
        "blind": desk.set_blind,
        "ask": desk.ask,
        "complete": desk.complete,
        "decide": desk.decide,
    }.get(request.form.get("do", ""), desk.draw)
    return act()


@page("/centres/<centre_no>/papers/<paper_id>/moderation/preview", access="signed-in")
def moderation_preview(visit: Visit, centre_no: str, paper_id: str) -> Drawn:
    """What an outcome would make of everybody's mark."""
    sheet = SheetParts(visit.services, centre_no, paper_id).everybody()
    outcome = request.args.get("outcome")
    at = f"{service_paths.moderation(centre_no, paper_id)}/preview"
    return render_template(
        "moderation/preview.html",
        centre_no=centre_no,
        paper=sheet["paper"] if sheet else None,
        names=_names(sheet),
        preview=visit.services.get(f"{at}?outcome={outcome}" if outcome in outcomes() else at),
        outcomes=outcomes(),
        paper_id=paper_id,
    )


def outcomes() -> dict[str, str]:
    """What can become of the marks, in words."""
    return {
        "accepted": _("Accepted: the centre's marks stand"),
        "adjusted": _("Adjusted: one adjustment of all the centre's marks"),
        "remarked": _("Re-marked: the moderator's marks are used"),
    }


class Desk:
    """One visit to the page."""

    def __init__(self, visit: Visit, centre_no: str, paper_id: str) -> None:
        self.visit, self.centre_no, self.paper_id = visit, centre_no, paper_id
        self.parts = SheetParts(visit.services, centre_no, paper_id)
        self.at = service_paths.moderation(centre_no, paper_id)

    def save(self) -> Drawn:
        """Save what was typed; what is refused stays in its boxes, with why."""
        found = self.visit.services.get(self.at)
        columns = columns_of(found)
        typed = Typed.of(request.form, columns)
        if not typed.texts:
            return self._done(_("Nothing had changed."))
        body = {"candidates": typed.rows(columns)}
        answer = self.visit.services.send("PATCH", f"{self.at}/marks", body)
        if not answer.ok:
            return self._refused(answer)
        refused = refused_by_candidate(answer)
        if refused:
            kept = {number: typed.texts[number] for number in refused if number in typed.texts}
            return self.draw(typed=kept, messages=refused)
        count = len(answer.body["saved"])
        return self._done(ngettext("%(num)s mark saved.", "%(num)s marks saved.", count))

    def set_blind(self) -> Drawn:
        body = {"blind": request.form.get("blind") == "on"}
        return self._act("PATCH", self.at, body, "")

    def ask(self) -> Drawn:
        """Ask the centre for the work of further candidates."""
        form = request.form
        days = form.get("working_days", "")
        body = {
            "candidate_nos": form.get("candidate_nos", "").replace(",", " ").split(),
            "note": form.get("note", ""),
            "working_days": int(days) if WHOLE.fullmatch(days) else days,
        }
        path = f"{service_paths.sample(self.centre_no, self.paper_id)}/further-requests"
        return self._act("POST", path, body, _("The centre is asked."))

    def complete(self) -> Drawn:
        form = request.form
        body = {"outcome": form.get("outcome", ""), "comment": form.get("comment", "")}
        said = _("Completed. The awarding body decides on it.")
        return self._act("POST", f"{self.at}/completion", body, said)

    def decide(self) -> Drawn:
        form = request.form
        body = {"decision": form.get("decision", ""), "comment": form.get("comment", "")}
        approved = body["decision"] == "approved"
        said = _("Approved.") if approved else _("Given back to the moderator.")
        return self._act("POST", f"{self.at}/decision", body, said)

    def _act(self, method: str, path: str, body: Json, said: str) -> Drawn:
        answer = self.visit.services.send(method, path, body)
        return self._done(said) if answer.ok else self._refused(answer)

    def _done(self, said: str) -> Drawn:
        if said:
            flash(said, "success")
        return go_to(paths.moderation(self.centre_no, self.paper_id))

    def _refused(self, answer: Answer) -> Drawn:
        if answer.status in BEYOND_MENDING:
            raise answer.problem()
        missing = answer.body.get("missing", [])
        listed = " " + ", ".join(missing) if missing else ""
        return self.draw(error=why(answer) + listed)

    def draw(
        self,
        *,
        error: str = "",
        typed: Mapping[str, Mapping[str, str]] | None = None,
        messages: dict[str, str] | None = None,
    ) -> str:
        found = self.visit.services.part(self.at, absent={})
        if not found:
            return self._draw_none(is_down=found is None)
        sheet = self._sheet(whole=found["released"])
        is_moderator = self.visit.user.role == "appointee"
        return render_template(
            "moderation/page.html",
            centre_no=self.centre_no,
            paper_id=self.paper_id,
            paper=self.parts.paper(),
            desk=workspace(
                found, _names(sheet), may_mark=is_moderator, typed=typed, messages=messages
            ),
            plot=scatter(found),
            settled=_settled(sheet) if found["released"] else [],
            marks_at=f"{self.at}/marks",
            outcomes=outcomes(),
            error=error,
            typed=request.form,
        )

    def _sheet(self, *, whole: bool) -> Json | None:
        """The lines of the sample; once the outcome is out, of everybody."""
        return self.parts.everybody() if whole else self.parts.sampled()

    def _draw_none(self, *, is_down: bool) -> str:
        """Sampling is down, has not heard of the submission yet, or may not tell the centre."""
        return render_template(
            "moderation/none.html",
            centre_no=self.centre_no,
            paper=self.parts.paper(),
            is_down=is_down,
        )


def _names(sheet: Json | None) -> dict[str, str]:
    """By candidate number; of nobody where marks is down."""
    return {one["candidate_no"]: _name(one) for one in sheet["candidates"]} if sheet else {}


def _name(one: Json) -> str:
    """Of whoever was withdrawn the moderator is told why there is nothing to be marked."""
    return f"{one['name']} {_('(withdrawn)')}" if one.get("withdrawn") else str(one["name"])


def _settled(sheet: Json | None) -> list[Json]:
    """Everybody whose mark moderation was about, as the marksheet has it."""
    return [one for one in sheet["candidates"] if one["moderated"]] if sheet else []
