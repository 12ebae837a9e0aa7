"""A list of a service as a file to take home."""

from flask import Response

from services.gateway.page import Drawn, Visit


def csv_file(visit: Visit, path: str, name: str) -> Drawn:
    """What the service of `path` answers, to be kept as `name`; a refusal becomes an error page."""
    answer = visit.services.send("GET", path)
    if not answer.ok:
        raise answer.problem()
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(answer.raw, content_type="text/csv; charset=utf-8", headers=named)
