"""A file that is looked at first, and imported when its reader has confirmed what it would do."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from services.gateway.calls import Answer
from services.gateway.packed import pack, unpack
from services.gateway.page import Drawn, Visit
from services.gateway.pages.refusals import why
from services.gateway.table import CSV_LIMIT
from shared.i18n import gettext as _

CSV = {"Content-Type": "text/csv"}
LONGEST_NAME = 255
ASKED = ("file_name", "any_sequence")


# Draws the page: empty, or why the file is refused (`error`, `lines`), or what it would do
# (`looked`, `packed`, and as `asked` what is to be asked with it).
Draw = Callable[..., str]
NOTHING: Mapping[str, Any] = MappingProxyType(
    {"error": "", "lines": (), "looked": None, "packed": "", "asked": {}}
)


def drawing(template: str, **context: object) -> Draw:
    """Draws the page by this template."""
    return lambda **said: render_template(template, **{**NOTHING, **context, **said})


def import_file(
    visit: Visit,
    path: str,
    draw: Draw,
    done: Callable[[Mapping[str, Any]], Drawn],
    *,
    named: bool = False,
) -> Drawn:
    """The POST of such a page; `path` is the route of the service, which takes `dry_run`.

    With `named` it takes the name of the file, too.
    """
    packed = request.form.get("packed", "")
    if packed:
        asked = {name: request.form[name] for name in ASKED if name in request.form}
        content = unpack(packed, CSV_LIMIT)
        answer = visit.services.send_raw("POST", _with(path, asked), content, CSV)
        return done(answer.body) if answer.ok else _refused(answer, draw)
    file = request.files.get("file")
    content = file.stream.read() if file else b""
    if not content:
        return draw(error=_("Choose a file first."))
    asked = {"file_name": Path(file.filename or "").name[:LONGEST_NAME]} if file and named else {}
    answer = visit.services.send_raw("POST", _with(path, asked | {"dry_run": "true"}), content, CSV)
    if not answer.ok:
        return _refused(answer, draw)
    return draw(looked=answer.body, packed=pack(content), asked=asked)


def _with(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _refused(answer: Answer, draw: Draw) -> str:
    return draw(
        error=why(answer), lines=[error["detail"] for error in answer.body.get("errors", [])]
    )
