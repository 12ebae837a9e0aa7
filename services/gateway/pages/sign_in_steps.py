"""The steps after the password: a new password, the authenticator app, the code."""

import segno
from flask import flash, render_template, request, session
from werkzeug.wrappers import Response as AnyResponse

from services.gateway import cookies, paths, service_paths
from services.gateway.calls import Answer, Json
from services.gateway.device import device_of, remember
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.signing_in import CODE, ENROL, PASSWORD, RECOVERY, SigningIn, under_way
from services.gateway.state import gateway
from services.gateway.user import User
from shared.i18n import gettext as _

CHALLENGE_OVER = "urn:iamis:problem:challenge-ended"
QR_SCALE = 5


@page(CODE, access="anyone", methods=("GET", "POST"))
def sign_in_code(visit: Visit) -> Drawn:
    """The code of the authenticator app."""
    return _step(visit, "sign_in_code.html")


@page(RECOVERY, access="anyone", methods=("GET", "POST"))
def sign_in_recovery(visit: Visit) -> Drawn:
    """A recovery code, by those who have not got their phone."""
    return _step(visit, "sign_in_recovery.html", "recovery")


@page(ENROL, access="anyone", methods=("GET", "POST"))
def sign_in_enrol(visit: Visit) -> Drawn:
    """Setting up the authenticator app, and its first code."""
    return _step(visit, "sign_in_enrol.html")


@page(PASSWORD, access="anyone", methods=("GET", "POST"))
def sign_in_password(visit: Visit) -> Drawn:
    """A password of one's own, after a temporary one."""
    begun = under_way()
    if begun is None:
        return _start_again()
    if not visit.posted:
        return render_template("sign_in_password.html", error="")
    new, again = request.form.get("new_password", ""), request.form.get("again", "")
    if new != again:
        error = _("The two passwords are not the same.")
        return render_template("sign_in_password.html", error=error)
    chosen = {"challenge": begun.challenge, "new_password": new}
    answer = gateway().calls.ask("POST", service_paths.sign_in_step("password"), chosen)
    if not answer.ok:
        return _refused(answer, "sign_in_password.html", begun)
    further = SigningIn.of(answer.body, begun.come_back)
    further.keep()
    return go_to(further.step)


def _step(visit: Visit, template: str, step: str = "totp") -> Drawn:
    begun = under_way()
    if begun is None:
        return _start_again()
    if not visit.posted:
        return _draw(template, begun)
    code, device = "".join(request.form.get("code", "").split()), device_of(request)
    asked = {"challenge": begun.challenge, "code": code, "device": device}
    answer = gateway().calls.ask("POST", service_paths.sign_in_step(step), asked)
    if not answer.ok:
        return _refused(answer, template, begun)
    welcome = _welcome(visit, answer, begun)
    remember(welcome, device)
    return welcome


def _welcome(visit: Visit, answer: Answer, begun: SigningIn) -> AnyResponse:
    """Begin the session, with a new cookie and a new form token."""
    if visit.browser is not None:
        gateway().sessions.end(visit.browser)
    session.clear()
    if begun.otpauth_uri:
        flash(_("Your authenticator app is set up. Make recovery codes too, in “Your account”."))
    response = go_to(begun.come_back or _first_page(answer.body["user"]))
    cookies.give(response, cookies.SESSION, gateway().sessions.begin(answer.body))
    return response


def _first_page(user: Json) -> str:
    """Their work, unless a centre waits for a word of theirs."""
    return paths.invitations() if user.get("invitations") else User.from_json(user).home


def _refused(answer: Answer, template: str, begun: SigningIn) -> Drawn:
    if answer.body.get("type") == CHALLENGE_OVER:
        return _start_again()
    return _draw(template, begun, why(answer))


def _draw(template: str, begun: SigningIn, error: str = "") -> str:
    code = ""
    if begun.otpauth_uri:
        code = segno.make(begun.otpauth_uri, micro=False).svg_data_uri(scale=QR_SCALE)
    return render_template(template, error=error, secret=begun.secret, qr_code=code)


def _start_again() -> Drawn:
    session.clear()
    flash(_("That took too long, or was begun in another window. Please sign in again."), "warning")
    return go_to(paths.home())
