"""The marks service: series, papers, entries, marks, submission and clerical errors."""

from pathlib import Path

from services.marks.api import ROUTES
from services.marks.handlers import HANDLERS
from services.marks.models import Base
from services.marks.present import PRESENT
from shared.service import Service

SERVICE = Service(
    name="marks",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    present=PRESENT,
)
