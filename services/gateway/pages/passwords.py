"""A password that was forgotten: asking for a link, and choosing another by it."""

from http import HTTPStatus

from flask import flash, render_template, request

from services.gateway import paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.state import gateway
from shared.i18n import gettext as _


@page(paths.forgot_password(), access="anyone", methods=("GET", "POST"))
def forgot_password(visit: Visit) -> Drawn:
    """Asks for the email address; what is said then is the same for all."""
    if not visit.posted:
        return render_template("forgot_password.html", error="", email="", asked=False)
    email = request.form.get("email", "").strip()
    answer = gateway().calls.ask("POST", service_paths.password_link("forgotten"), {"email": email})
    error = "" if answer.ok else why(answer)
    return render_template("forgot_password.html", error=error, email=email, asked=answer.ok)


@page(paths.reset_password(), access="anyone", methods=("GET", "POST"))
def reset_password(visit: Visit) -> Drawn:
    """The page of the mailed link."""
    token = request.values.get("token", "")
    if not visit.posted:
        return render_template("reset_password.html", error="", token=token, ended=False)
    new, again = request.form.get("new_password", ""), request.form.get("again", "")
    if new != again:
        error = _("The two passwords are not the same.")
        return render_template("reset_password.html", error=error, token=token, ended=False)
    answer = gateway().calls.ask(
        "POST", service_paths.password_link("reset"), {"token": token, "new_password": new}
    )
    if not answer.ok:
        ended = answer.status == HTTPStatus.UNAUTHORIZED
        return render_template("reset_password.html", error=why(answer), token=token, ended=ended)
    flash(_("Your password has been changed. Sign in with it now."), "success")
    return go_to(paths.home())
