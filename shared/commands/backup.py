"""`iamis backup`, and what `iamis restore` runs once its servers are there: `restore-data`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from shared import audit
from shared.backup import making, restoring
from shared.backup.evidence import Progress
from shared.backup.manifest import Manifest, verify
from shared.i18n import gettext as _
from shared.operators import database_of
from shared.service import Service, load_service, service_names

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)


@click.command()
@click.argument("folder", type=FOLDER)
def backup(folder: Path) -> None:
    """Write everything, as of one moment, to the new FOLDER.

    The system may run. Databases and evidence are in it, and the hash of every file; the secret key
    is not, and has to be kept apart. `iamis restore` brings it back.
    """
    with _progress(_("Copying evidence")) as told:
        made = making.make(_services(), folder, told)
    with database_of(restoring.AUDITED_IN) as database, database.transaction() as session:
        change = audit.Change(after={"made_at": made.made_at, "files": made.files})
        audit.record(session, None, "backup.made", restoring.AUDITED_IN, change)
    click.echo(_("%(files)s files are in %(folder)s.", files=made.files, folder=folder))


@click.command("restore-data")
@click.argument("folder", type=FOLDER)
@click.option(
    "--verified", is_flag=True, help=_("Its files were compared with the listing already.")
)
def restore_data(folder: Path, *, verified: bool) -> None:
    """Fill what is empty from the backup in FOLDER.

    For an installation whose servers are there, its databases and its bucket empty, and whose
    services are not started yet; it needs what `iamis prepare` needs. On one machine `iamis
    restore` does all of it.
    """
    if not verified:
        verify(folder, Manifest.read(folder))
    with _progress(_("Storing evidence")) as told:
        events = restoring.restore(_services(), folder, told)
    click.echo(_("Restored; %(events)s events go out again.", events=events))


def _services() -> dict[str, Service]:
    return {name: load_service(name) for name in service_names()}


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    with click.progressbar(length=0, label=label, file=sys.stderr, show_pos=True) as bar:
        yield bar.update
