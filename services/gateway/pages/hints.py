"""First-visit hints: shown until their reader has had enough of them, in this browser."""

from flask import request

from services.gateway import help_paths, paths
from services.gateway.hints import keep_read
from services.gateway.page import Drawn, Visit, go_to, page
from services.gateway.signing_in import local_path


@page(help_paths.hints(), access="signed-in", methods=("POST",))
def hide_hint(_visit: Visit) -> Drawn:
    """Show a hint no more, and come back."""
    response = go_to(local_path(request.form.get("next", "")) or paths.home())
    keep_read(request, response, request.form.get("hint", ""))
    return response
