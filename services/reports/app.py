"""The reports service: a read model of candidates and marks, and the reports made from it."""

from pathlib import Path

from services.reports.api import ROUTES
from services.reports.commands import releases, reminders
from services.reports.handlers import HANDLERS
from services.reports.models import Base
from services.reports.present import PRESENT
from services.reports.render.press import PLACES
from shared.service import Service

# Those who wait for a document to be set leave some to whoever asks for less.
THREADS = PLACES + 8
# Many reports at once do not take the processor from those who save marks.
NICENESS = 10

SERVICE = Service(
    name="reports",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    present=PRESENT,
    threads=THREADS,
    niceness=NICENESS,
    beside={"releases": releases.run, "reminders": reminders.run},
)
