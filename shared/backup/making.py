"""Making a backup, while the system runs or not."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy.orm import Session

from shared import clock, migrate
from shared.backup import evidence, tables
from shared.backup.manifest import DATABASES, EVIDENCE, PURPOSE, Kept, Manifest, list_files
from shared.backup.point import one_point
from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.operators import database_of
from shared.seal import seal_for
from shared.service import Service
from shared.settings import settings
from shared.storage import Storage

PRIVATE = 0o700


def make(services: Mapping[str, Service], folder: Path, told: evidence.Progress) -> Manifest:
    """Write a backup of everything as of one point to `folder`, which must be new or empty.

    Without its manifest, which comes last, it is none. `told` hears of each object.
    """
    seal, storage = seal_for(PURPOSE), Storage(settings().s3)
    _make_folder(folder)
    with ExitStack() as opened:
        databases = {name: opened.enter_context(database_of(name)) for name in services}
        with one_point(databases) as sessions:
            made_at = clock.now().isoformat()
            kept = {}
            for name, service in services.items():
                kept[name] = _copy(sessions[name], service, folder)
                if service.objects is None:
                    # What it saw is not kept for it while evidence is copied.
                    sessions[name].close()
            for name, service in services.items():
                if service.objects:
                    objects = service.objects(sessions[name])
                    evidence.copy_out(storage, objects, folder / EVIDENCE, told)
    files, files_sha256 = list_files(folder)
    manifest = Manifest(
        made_at=made_at,
        stack=settings().stack,
        services=kept,
        files=files,
        files_sha256=files_sha256,
        sealed=seal.close(made_at),
    )
    manifest.write(folder)
    return manifest


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise LauncherError(_("%(folder)s is not empty: choose a new folder.", folder=folder))
        for name in DATABASES, EVIDENCE:
            (folder / name).mkdir(mode=PRIVATE)
    except OSError as error:
        raise LauncherError(
            _("%(folder)s cannot be used: %(why)s", folder=folder, why=error)
        ) from error


def _copy(session: Session, service: Service, folder: Path) -> Kept:
    tables.copy_out(session, service, folder / DATABASES)
    connection = session.connection()
    chains = (migrate.PLATFORM, migrate.chain_of(service))
    return Kept(
        revisions={chain.name: ",".join(chain.revisions(connection)) for chain in chains},
        rows=tables.count_rows(session, tables.table_names(service)),
    )
