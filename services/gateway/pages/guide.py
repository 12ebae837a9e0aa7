"""The guide: nothing in it is anybody's, so it is for everybody, signed in or not."""

from flask import render_template

from services.gateway import help_paths
from services.gateway.guide import chapters, turn_to
from services.gateway.page import Drawn, Visit, page


@page(help_paths.guide(), access="anyone")
def guide(_visit: Visit) -> Drawn:
    return render_template("guide/contents.html", chapters=chapters())


@page("/guide/<name>", access="anyone")
def guide_step(_visit: Visit, name: str) -> Drawn:
    at = turn_to(name)
    return render_template(f"guide/{at.step.name}.html", at=at)
