"""One's own account, the menu of services, and whom to ask."""

from flask import render_template

from services.gateway import help_paths, paths, service_paths
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.user import User


@page("/services", access="signed-in")
def services(_visit: Visit) -> Drawn:
    return render_template("services.html")


@page(paths.account(), access="signed-in")
def account(_visit: Visit) -> Drawn:
    return render_template("account.html")


@page(help_paths.contact(), access="anyone")
def contact(_visit: Visit) -> Drawn:
    """Whom to ask for an account."""
    return render_template("contact.html")


@page(help_paths.accessibility(), access="anyone")
def accessibility(_visit: Visit) -> Drawn:
    """How accessible the pages are, how that was found out, and where to complain."""
    return render_template("accessibility.html")


@page("/no-access", access="signed-in")
def no_access(visit: Visit) -> Drawn:
    """For people of a centre without IAMIS: whom to ask. Asked anew each time."""
    now_is = User.from_json(visit.services.get(service_paths.me()))
    if now_is.home != paths.no_access():
        return go_to(now_is.home)
    return render_template("no_access.html")
