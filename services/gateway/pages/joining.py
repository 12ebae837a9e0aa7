"""Centres that invite somebody who has an account: accepted or declined by them alone."""

from flask import flash, render_template, request

from services.gateway import paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.service_paths import own_invitation, own_invitations
from shared.i18n import gettext as _

METHODS = {"accept": "POST", "decline": "DELETE"}


@page(paths.invitations(), access="signed-in", methods=("GET", "POST"))
def invitations(visit: Visit) -> Drawn:
    """Those that wait for an answer; each has two buttons."""
    if not visit.posted:
        listed = visit.services.part(own_invitations())
        return render_template("account/invitations.html", listed=listed)
    method = METHODS.get(request.form.get("answer", ""))
    if method:
        answer = visit.services.send(method, own_invitation(request.form.get("centre_no", "")))
        if not answer.ok:
            raise answer.problem()
        accepted = _("You have joined the centre. Its papers may take a moment to appear.")
        flash(accepted if method == "POST" else _("The invitation is declined."), "success")
    return go_to(paths.invitations())
