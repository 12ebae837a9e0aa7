"""One's own account, the menu of services, and the guide."""

from flask import render_template

from services.gateway import paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.user import User
from shared.settings import settings


@page("/services", access="signed-in")
def services(_visit: Visit) -> Drawn:
    return render_template("services.html")


@page(paths.account(), access="signed-in")
def account(_visit: Visit) -> Drawn:
    return render_template("account.html")


@page(paths.contact(), access="anyone")
def contact(_visit: Visit) -> Drawn:
    """Whom to ask for an account."""
    return render_template("contact.html", email=settings().contact_email)


@page("/guide", access="signed-in")
def guide(_visit: Visit) -> Drawn:
    return render_template("guide.html")


@page("/no-access", access="signed-in")
def no_access(visit: Visit) -> Drawn:
    """For people of a centre without IAMIS: whom to ask. Asked anew each time."""
    now_is = User.from_json(visit.services.get("/api/identity/me"))
    if now_is.home != paths.no_access():
        return go_to(now_is.home)
    return render_template("no_access.html")
