"""The reports service: a read model of candidates and marks, and the reports made from it."""

from pathlib import Path

from services.reports.api import ROUTES
from services.reports.commands import releases, reminders
from services.reports.handlers import HANDLERS
from services.reports.models import Base
from services.reports.present import PRESENT
from shared.service import Service

SERVICE = Service(
    name="reports",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    present=PRESENT,
    beside={"releases": releases.run, "reminders": reminders.run},
)
