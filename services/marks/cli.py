"""Operators' commands of marks."""

import sys
from typing import BinaryIO

import click

from services.marks.commands import entries
from services.marks.commands.entries import EntriesFile, ImportCounts
from shared.errors import UnprocessableError
from shared.i18n import gettext as _
from shared.operators import database_of

MOST_SHOWN = 1000
LINES_PER_STEP = 500


@click.command("import-entries")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help=_("Only tell what the file would change."))
def import_entries(file: BinaryIO, *, dry_run: bool) -> None:
    """Load the board's entries from the CSV FILE (- reads standard input).

    Nothing is stored unless every line is good; the bad ones are named.
    """
    try:
        counts = _store(_read(file), dry_run=dry_run)
    except UnprocessableError as refusal:
        _show(refusal)
        raise click.ClickException(f"{refusal.detail} {_('Nothing was stored.')}") from refusal
    click.echo(
        _(
            "%(added)s added, %(changed)s changed, %(withdrawn)s withdrawn, "
            "%(unchanged)s unchanged.",
            **counts,
        )
    )
    if dry_run:
        click.echo(_("Nothing was stored: this was a dry run."))


def _read(file: BinaryIO) -> EntriesFile:
    lines = file.readlines()
    with click.progressbar(
        lines, label=_("Reading"), file=sys.stderr, update_min_steps=LINES_PER_STEP
    ) as read:
        return entries.read_file(read)


def _store(file: EntriesFile, *, dry_run: bool) -> ImportCounts:
    with (
        database_of("marks") as database,
        click.progressbar(length=len(file.entries), label=_("Storing"), file=sys.stderr) as stored,
        database.transaction() as session,
    ):
        return entries.import_entries(session, file, dry_run=dry_run, on_progress=stored.update)


def _show(refusal: UnprocessableError) -> None:
    for error in refusal.errors[:MOST_SHOWN]:
        click.echo(error.detail, err=True)
    hidden = len(refusal.errors) - MOST_SHOWN
    if hidden > 0:
        click.echo(_("… and %(count)s more.", count=hidden), err=True)
