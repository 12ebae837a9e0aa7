"""Operators' commands of uploads."""

import sys

import click

from services.uploads.commands import purging, scanning, verifying
from shared.files import store
from shared.i18n import gettext as _
from shared.operators import database_of

SERVICE = "uploads"


@click.group()
def evidence() -> None:
    """Look after the evidence that is kept."""


@evidence.command()
@click.option("--quick", is_flag=True, help=_("Compare sizes alone; read no content."))
def verify(*, quick: bool) -> None:
    """Compare every file in the store with its record.

    What is missing, altered or unknown is named. Deleted files are kept, so they are looked at too.
    The exit status is 1 where something is wrong.
    """
    with database_of(SERVICE) as database:
        total = verifying.count(database)
        with click.progressbar(length=total, label=_("Looking"), file=sys.stderr) as bar:
            found = verifying.verify(
                database, store.bucket(), content=not quick, on_progress=bar.update
            )
    for finding in found:
        click.echo(f"{finding.what}\t{finding.key}")
    if found:
        raise click.ClickException(
            _("%(found)s of %(total)s files or objects are wrong.", found=len(found), total=total)
        )
    click.echo(_("%(total)s files are as they were uploaded.", total=total))


@evidence.command()
@click.argument("series")
@click.option("--dry-run", is_flag=True, help=_("Only tell how many files it would be."))
@click.option("--yes", is_flag=True, help=_("Do not ask."))
def purge(series: str, *, dry_run: bool, yes: bool) -> None:
    """Remove the evidence of SERIES ("JUNE 2031") for good.

    That there was some stays on record.
    """
    with database_of(SERVICE) as database:
        files = purging.files_of_series(database, series)
        if dry_run or not files:
            kept = _("%(files)s files of %(series)s are kept.", files=len(files), series=series)
            click.echo(kept)
            return
        if not yes:
            click.confirm(
                _("Remove %(files)s files of %(series)s?", files=len(files), series=series),
                abort=True,
            )
        with click.progressbar(length=len(files), label=_("Removing"), file=sys.stderr) as bar:
            purging.purge(database, store.bucket(), files, bar.update)
    click.echo(_("%(files)s files are removed.", files=len(files)))


@evidence.command()
@click.argument("file_id", metavar="FILE")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
def reject(file_id: str, *, yes: bool) -> None:
    """Reject FILE (its id), which no scan comes to an end with.

    Nobody gets it any more, and its centre sees that another one is wanted.
    """
    with database_of(SERVICE) as database:
        with database.reading() as session:
            file = scanning.waiting_file(session, file_id)
            named = {"name": file.name, "place": scanning.place_of(file)}
        if not yes:
            click.confirm(_("Reject %(name)s (%(place)s)?", **named), abort=True)
        with database.transaction() as session:
            scanning.give_up(session, file_id)
    click.echo(_("The file is rejected."))
