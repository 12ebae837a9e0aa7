"""The marks service: series, papers, entries, marks, submission and clerical errors."""

from pathlib import Path

from services.marks.models import Base
from shared.service import Service
from shared.web.routes import Routes

SERVICE = Service(
    name="marks", folder=Path(__file__).parent, metadata=Base.metadata, routes=Routes("marks")
)
