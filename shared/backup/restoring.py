"""Filling databases and object storage that are empty from a backup."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy.engine import make_url

from shared.audit import Change, record
from shared.backup import evidence, tables
from shared.backup.manifest import DATABASES, EVIDENCE, Kept, Manifest
from shared.backup.owed import owe
from shared.backup.point import be_patient
from shared.bus import Bus, BusError
from shared.db import Database
from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.operators import opened_bus
from shared.prepare import migrate_database
from shared.service import Service
from shared.settings import settings
from shared.storage_parts import PartStorage

STORE_SECONDS = 60
# Whose trail tells of what operators do with the whole installation.
AUDITED_IN = "identity"


def restore(services: Mapping[str, Service], folder: Path, told: evidence.Progress) -> int:
    """Fill everything from the backup in `folder`; gives how many events are told again.

    Raises `LauncherError`, and changes nothing, where it was made with another secret or something
    is not empty. The files have been compared with the listing before (`verify`).
    """
    manifest = Manifest.read(folder)
    manifest.require_key(settings().secret_keys)
    storage = PartStorage(settings().s3)
    storage.ensure_bucket(STORE_SECONDS)
    with ExitStack() as opened:
        owners = {
            name: opened.enter_context(closing(Database(settings().owner_url(name))))
            for name in services
        }
        _require_empty(owners, storage)
        _require_quiet(services)
        for name, service in services.items():
            fill(owners[name], service, folder, manifest.services[name])
        for name, service in services.items():
            if service.objects:
                with owners[name].reading() as session:
                    be_patient(session)
                    objects = service.objects(session)
                    evidence.copy_in(storage, objects, folder / EVIDENCE, told)
        count = owe(list(services.values()), owners)
        with owners[AUDITED_IN].transaction() as session:
            change = Change(after={"made_at": manifest.made_at, "events": count})
            record(session, None, "backup.restored", AUDITED_IN, change)
    return count


def _require_empty(owners: Mapping[str, Database], storage: PartStorage) -> None:
    full = [name for name, owner in owners.items() if not tables.is_empty(owner)]
    if full:
        names = ", ".join(full)
        raise LauncherError(_("There are tables in the databases of %(names)s.", names=names))
    if next(storage.keys(), None) is not None:
        raise LauncherError(_("There are files in the bucket %(name)s.", name=storage.bucket))


def _require_quiet(services: Mapping[str, Service]) -> None:
    """A broker that is not part of this home may still have what was told after the backup."""
    if settings().amqp_url is None:
        return
    with opened_bus() as bus:
        full = [service.queue for service in services.values() if _has_events(bus, service.queue)]
    if full:
        names = ", ".join(full)
        raise LauncherError(_("There are events in the queues %(names)s: purge them.", names=names))


def _has_events(bus: Bus, queue: str) -> bool:
    try:
        counts = bus.counts(queue)
    except BusError:
        # It is not there yet.
        return False
    return bool(counts.waiting or counts.dead)


def fill(owner: Database, service: Service, folder: Path, kept: Kept) -> None:
    """Bring the rows back, and then the tables up to date."""
    tables.copy_in(owner, service, folder / DATABASES, kept)
    with owner.reading() as session:
        be_patient(session)
        if tables.count_rows(session, kept.rows) != kept.rows:
            raise LauncherError(
                _("The database of %(name)s did not take in all there was.", name=service.name)
            )
    migrate_database(
        service, owner.engine, make_url(settings().database_url(service.name)).username
    )
    with owner.transaction() as session:
        service.on_restore(session)
