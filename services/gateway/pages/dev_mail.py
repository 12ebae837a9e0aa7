"""The mail store of an installation that has no mail server: for trying the system out."""

from urllib.parse import urlsplit

from flask import render_template, request

from services.gateway import paths
from services.gateway.page import Drawn, Visit, page
from shared.access.rules import not_found
from shared.loopback import is_here, is_loopback
from shared.mail.folder import is_shown, newest
from shared.settings import settings
from shared.web.client_address import client_address

# Whoever passes a visitor on says so by one of these.
PASSED_ON = ("forwarded", "via", "x-real-ip")
PASSED_ON_PREFIX = "x-forwarded-"


@page(paths.dev_mail(), access="anyone")
def dev_mail(_visit: Visit) -> Drawn:
    """What was mailed, on the embedded stack and for people at this machine alone."""
    told = settings()
    here = is_loopback(client_address(request)) and not _is_from_elsewhere()
    if not (is_shown(told) and here):
        raise not_found()
    return render_template("dev_mail.html", mails=newest(told.mail_folder))


def _is_from_elsewhere() -> bool:
    """Whether a proxy on this machine, or a page of another site by a name of its own, asks."""
    named = {name.lower() for name, _value in request.headers}
    passed_on = named.intersection(PASSED_ON) or any(n.startswith(PASSED_ON_PREFIX) for n in named)
    host = urlsplit(f"//{request.host}").hostname or ""
    return bool(passed_on) or not is_here(host)
