"""The uploads service: evidence of sampled candidates, kept in object storage."""

from pathlib import Path

from flask import Flask

from services.uploads.api import ROUTES
from services.uploads.capacity import THREADS
from services.uploads.commands import housekeeping, receipts, scanning, transfers
from services.uploads.handlers import HANDLERS
from services.uploads.models import Base
from services.uploads.present import PRESENT, kept_objects
from shared.files.patience import be_patient
from shared.files.store import require_settings
from shared.service import Service
from shared.settings import settings


def _extend(app: Flask) -> None:
    be_patient(app, settings().max_file_bytes)


SERVICE = Service(
    name="uploads",
    folder=Path(__file__).parent,
    metadata=Base.metadata,
    routes=ROUTES,
    own_handlers=HANDLERS,
    extend=_extend,
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
