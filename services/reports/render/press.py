"""Where documents are set: a few at a time; the others of this process wait for their turn."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import typst

from shared import clock
from shared.errors import UnavailableError
from shared.i18n import gettext as _

# Two, so that a short document need not wait for a long one.
PRESSES = 2
# How many may wait or be set in one process; the others are told to come again.
PLACES = 50
COME_AGAIN_SECONDS = 5

_PRESSES = threading.BoundedSemaphore(PRESSES)
_PLACES = threading.BoundedSemaphore(PLACES)


def set_document(template: Path, inputs: Mapping[str, str]) -> bytes:
    """The document of a template; raises `UnavailableError` where too many wait."""
    with place(), _PRESSES:
        return typst.compile(
            template,
            root=template.parent,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=dict(inputs),
            pdf_standards="ua-1",
            timestamp=clock.now().replace(microsecond=0),
        )


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
