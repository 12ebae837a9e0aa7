"""Where documents are set: a few at a time; the others of this process wait for their turn."""

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import Any

import typst

from shared import clock
from shared.errors import UnavailableError
from shared.i18n import gettext as _

# Two, so that a short document need not wait for a long one.
PRESSES = 2
# What sets them has what nobody else wants of the processor (as `nice` has it, of a thread).
STANDS_BACK = 19
# How many may wait or be set in one process; the others are told to come again.
PLACES = 50
COME_AGAIN_SECONDS = 5

UA = "ua-1"
# Looked up once, and not for each document.
OUR_FONTS = typst.Fonts(include_system_fonts=False)
# With our own fonts; else with those of the system as well; else with a box in the place of each
# sign that no font has, which PDF/UA forbids: it is tagged as the others, and claims no more.
WAYS: tuple[Mapping[str, Any], ...] = (
    {"font_paths": OUR_FONTS, "pdf_standards": UA},
    {"ignore_system_fonts": False, "pdf_standards": UA},
    {"ignore_system_fonts": False},
)
NO_FONT = "could not be displayed with font"

log = logging.getLogger(__name__)

_PRESSES = ThreadPoolExecutor(PRESSES, "press", partial(os.nice, STANDS_BACK))
_PLACES = threading.BoundedSemaphore(PLACES)


def set_document(template: Path, inputs: Mapping[str, str]) -> bytes:
    """The document of a template; raises `UnavailableError` where too many wait."""
    with place():
        setting = _PRESSES.submit(copy_context().run, _set_somehow, template, inputs)
        return setting.result()


def _set_somehow(template: Path, inputs: Mapping[str, str]) -> bytes:
    *ways, last = WAYS
    for way in ways:
        try:
            return _set(template, inputs, way)
        except typst.TypstError as error:
            # It names the sign, and names are personal: not for the log.
            if NO_FONT not in str(error):
                raise
    log.warning("no font has all of a document", extra={"template": template.stem})
    return _set(template, inputs, last)


def _set(template: Path, inputs: Mapping[str, str], way: Mapping[str, Any]) -> bytes:
    made: bytes = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        sys_inputs=dict(inputs),
        timestamp=clock.now().replace(microsecond=0),
        **way,
    )
    return made


@contextmanager
def place(places: threading.BoundedSemaphore = _PLACES) -> Iterator[None]:
    """A place among those who wait; raises `UnavailableError` where all are taken."""
    if not places.acquire(blocking=False):
        raise UnavailableError(
            _("Other reports are being made now. Please try again in a moment."),
            slug="reports-full",
            headers={"Retry-After": str(COME_AGAIN_SECONDS)},
        )
    try:
        yield
    finally:
        places.release()
