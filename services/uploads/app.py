"""The uploads service: evidence of sampled candidates, kept in object storage."""

from pathlib import Path

from services.uploads.api import ROUTES
from services.uploads.capacity import THREADS
from services.uploads.commands import housekeeping, receipts, scanning, transfers
from services.uploads.handlers import HANDLERS
from services.uploads.models import Base
from services.uploads.present import PRESENT, kept_objects
from shared.files.patience import be_patient
from shared.files.store import require_settings
from shared.service import Service

SERVICE = Service(
    name="uploads",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    extend=be_patient,
    on_prepare=require_settings,
    threads=THREADS,
    present=PRESENT,
    objects=kept_objects,
    on_restore=transfers.forget,
    beside={
        "scanning": scanning.run,
        "housekeeping": housekeeping.run,
        "receipts": receipts.run,
    },
)
