"""What people change of their own account: password, recovery codes, where they are signed in."""

from flask import flash, render_template, request

from services.gateway import cookies, paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.asked import plain
from services.gateway.pages.refusals import why
from services.gateway.signing_in import CONFIRM, local_path
from services.gateway.state import gateway
from shared.i18n import gettext as _

LONGEST_ADDRESS = 1000


@page(paths.password(), access="signed-in", methods=("GET", "POST"))
def change_password(visit: Visit) -> Drawn:
    if not visit.posted:
        return _password_page("", "")
    form = request.form
    if form.get("new_password", "") != form.get("again", ""):
        return _password_page(_("The two passwords are not the same."), "again")
    wanted = {name: form.get(name, "") for name in ("current_password", "new_password")}
    answer = visit.services.send("POST", service_paths.me("password"), wanted)
    if not answer.ok:
        at_fault = next(iter(answer.errors), "").lstrip("/")
        return _password_page(why(answer), at_fault or "current_password")
    flash(_("Your password has been changed. You were signed out everywhere else."), "success")
    return go_to(paths.account())


@page(paths.own_address(), access="signed-in", methods=("GET", "POST"))
def own_address(visit: Visit) -> Drawn:
    """Where a moderator's samples are posted to."""
    if not visit.posted:
        return _address_page(visit.services.get(service_paths.me("address"))["address"], "")
    typed = plain("address", LONGEST_ADDRESS)
    answer = visit.services.send("PUT", service_paths.me("address"), {"address": typed})
    if not answer.ok:
        return _address_page(typed, why(answer))
    flash(_("Your postal address has been changed."), "success")
    return go_to(paths.account())


def _address_page(address: str, error: str) -> str:
    return render_template("account/address.html", address=address, error=error)


def _password_page(error: str, at_fault: str) -> str:
    return render_template("account/password.html", error=error, at_fault=at_fault)


@page(CONFIRM, access="signed-in", methods=("GET", "POST"))
def confirm(visit: Visit) -> Drawn:
    """Password and code again, before something is changed that others depend on."""
    come_back = local_path(request.values.get("next", ""))
    if not visit.posted:
        return _confirm_page(come_back)
    given = {name: request.form.get(name, "") for name in ("password", "code")}
    given["code"] = "".join(given["code"].split())
    answer = visit.services.send("POST", service_paths.me("reauthentication"), given)
    if not answer.ok:
        return _confirm_page(come_back, why(answer), next(iter(answer.errors), "").lstrip("/"))
    return go_to(come_back or visit.user.home)


def _confirm_page(come_back: str, error: str = "", at_fault: str = "") -> str:
    return render_template(
        "account/confirm.html", come_back=come_back, error=error, at_fault=at_fault
    )


@page(paths.recovery_codes(), access="signed-in", methods=("GET", "POST"))
def recovery_codes(visit: Visit) -> Drawn:
    """How many are left; new ones are shown on the page that answers, this once."""
    if visit.posted:
        password = {"password": request.form.get("password", "")}
        answer = visit.services.send("POST", service_paths.me("recovery-codes"), password)
        if answer.ok:
            return render_template("account/new_codes.html", codes=answer.body["codes"])
        return _codes_page(visit, why(answer))
    return _codes_page(visit, "")


def _codes_page(visit: Visit, error: str) -> str:
    left = visit.services.part(service_paths.me("recovery-codes"))
    return render_template("account/recovery_codes.html", error=error, left=left)


@page(paths.sessions(), access="signed-in", methods=("GET", "POST"))
def own_sessions(visit: Visit) -> Drawn:
    """Where the person is signed in; one place is ended by its id, all of them without."""
    if not visit.posted:
        listed = visit.services.part(service_paths.me("sessions"))
        return render_template("account/sessions.html", listed=listed)
    one = request.form.get("session", "")
    if one:
        return _sign_out_of(visit, one)
    answer = visit.services.send("DELETE", service_paths.me("sessions"))
    if not answer.ok:
        raise answer.problem()
    return _signed_out(visit)


def _sign_out_of(visit: Visit, session_id: str) -> Drawn:
    answer = visit.services.send("DELETE", f"{service_paths.me('sessions')}/{session_id}")
    if not answer.ok:
        raise answer.problem()
    flash(_("Signed out there."), "success")
    return go_to(paths.sessions())


def _signed_out(visit: Visit) -> Drawn:
    if visit.browser is not None:
        gateway().sessions.end(visit.browser)
    flash(_("You are signed out everywhere."), "success")
    response = go_to(paths.home())
    cookies.take(response, cookies.SESSION)
    return response
