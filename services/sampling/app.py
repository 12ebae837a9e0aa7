"""The sampling service: policies, samples, additions and further requests."""

from pathlib import Path

from services.sampling.api import ROUTES
from services.sampling.handlers import HANDLERS
from services.sampling.models import Base
from services.sampling.present import PRESENT
from shared.service import Service

SERVICE = Service(
    name="sampling",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    present=PRESENT,
)
