"""The identity service: accounts, centres, sign-in, tokens and allocations of moderators."""

from pathlib import Path

from services.identity.api import ROUTES
from services.identity.commands import housekeeping, keys
from services.identity.handlers import HANDLERS
from services.identity.models import Base
from services.identity.present import PRESENT
from shared.mail import sender
from shared.service import Service

SERVICE = Service(
    name="identity",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    on_prepare=keys.prepare,
    present=PRESENT,
    beside={"mail": sender.run, "keys": keys.run, "housekeeping": housekeeping.run},
)
