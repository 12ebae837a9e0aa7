"""Signing in and out: `/` asks for email and password, the further steps are beside this."""

from flask import render_template, request

from services.gateway import cookies, paths, service_paths, signing_in
from services.gateway.calls import Answer
from services.gateway.device import known_device
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.pages.refusals import why
from services.gateway.signing_in import SigningIn, local_path
from services.gateway.state import gateway


@page("/", access="anyone", methods=("GET", "POST"))
def home(visit: Visit) -> Drawn:
    """Signed in: to their work. Signed out: the sign-in form."""
    if visit.posted:
        return _signed_in_with_password()
    if visit.browser is not None:
        return go_to(visit.user.home)
    return _form(come_back=request.args.get("next", ""))


def _signed_in_with_password() -> Drawn:
    email, come_back = request.form.get("email", "").strip(), request.form.get("next", "")
    given: dict[str, object] = {"email": email, "password": request.form.get("password", "")}
    device = known_device(request)
    if device:
        given["device"] = device
    answer = gateway().calls.ask("POST", service_paths.sign_in(), given)
    if not answer.ok:
        return _form(email=email, come_back=come_back, refusal=answer)
    begun = SigningIn.of(answer.body, local_path(come_back))
    begun.keep()
    return go_to(begun.step)


def _form(email: str = "", come_back: str = "", refusal: Answer | None = None) -> str:
    return render_template(
        "sign_in.html",
        email=email,
        come_back=local_path(come_back),
        error=why(refusal) if refusal else "",
    )


@page("/sign-out", access="anyone", methods=("POST",), looking=True)
def sign_out(visit: Visit) -> Drawn:
    if visit.browser is not None:
        gateway().sessions.end(visit.browser)
    response = go_to(paths.home())
    cookies.take(response, cookies.SESSION)
    # What was typed and not saved waits in the browser, for its user alone.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@page("/language", access="anyone", methods=("POST",), looking=True)
def choose_language(visit: Visit) -> Drawn:
    """Switch the language of the pages, in this browser, and come back; signed in: of mail too."""
    language = request.form.get("language", "")
    if visit.browser is not None:
        # The pages change whatever identity says: it may be down.
        visit.services.send("PATCH", service_paths.me(), {"language": language})
    response = go_to(local_path(request.form.get("next", "")) or signing_in.START)
    cookies.give(response, cookies.LANGUAGE, language, cookies.A_YEAR)
    return response
