"""The reports service: a read model of candidates and marks, and the reports made from it."""

from functools import partial
from pathlib import Path

from services.reports.api import ROUTES
from services.reports.commands import bundles, releases, reminders, report_files
from services.reports.domain.moderator_report import LARGEST_FILE
from services.reports.handlers import HANDLERS
from services.reports.models import Base
from services.reports.present import PRESENT
from services.reports.queries.report_files import kept_objects
from services.reports.render.bundle import as_pdf
from services.reports.render.pdf import details_as_pdf
from services.reports.render.press import PLACES
from services.reports.render.replies import name_of
from shared.files.patience import be_patient
from shared.files.store import require_settings
from shared.service import Service

# Those who wait for a document to be set leave some to whoever asks for less.
THREADS = PLACES + 8
# Many reports at once do not take the processor from those who save marks.
NICENESS = 10

DRAWING = bundles.Drawing(details_as_pdf, name_of, as_pdf)

SERVICE = Service(
    name="reports",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    extend=partial(be_patient, largest=LARGEST_FILE),
    on_prepare=require_settings,
    present=PRESENT,
    objects=kept_objects,
    threads=THREADS,
    niceness=NICENESS,
    beside={
        "releases": releases.run,
        "reminders": reminders.run,
        "files": report_files.run,
        "bundles": partial(bundles.run, DRAWING),
    },
)
