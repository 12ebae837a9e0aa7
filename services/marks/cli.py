"""Operators' commands of marks."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import click

from services.marks.commands import entries
from services.marks.commands.entries import EntriesFile, ImportCounts
from services.marks.domain.edi_names import in_sequence
from shared.errors import ConflictError, UnprocessableError
from shared.i18n import gettext as _
from shared.operators import database_of

MOST_SHOWN = 1000
LINES_PER_STEP = 500


@click.command("import-entries")
@click.argument("files", metavar="FILE...", type=click.File("rb"), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help=_("Only tell what the file would change."))
@click.option(
    "--any-sequence", is_flag=True, help=_("Load an EDI file again, or after a later one.")
)
def import_entries(files: Sequence[BinaryIO], *, dry_run: bool, any_sequence: bool) -> None:
    """Load the board's entries from each FILE, CSV or EDI.

    FILE - reads standard input.

    Nothing of a file is stored unless every line of it is good; the bad ones are named, and the
    files after it are left. EDI files come in the sequence that their names say, each once.
    """
    for name, file in in_sequence((_name_of(file), file) for file in files):
        if len(files) > 1:
            click.echo(f"{name}:")
        _import_one(file, dry_run=dry_run, any_sequence=any_sequence)
    if dry_run:
        click.echo(_("Nothing was stored: this was a dry run."))


def _name_of(file: BinaryIO) -> str:
    return Path(str(getattr(file, "name", "-"))).name


def _import_one(file: BinaryIO, *, dry_run: bool, any_sequence: bool) -> None:
    try:
        counts = _store(_read(file), dry_run=dry_run, any_sequence=any_sequence)
    except (UnprocessableError, ConflictError) as refusal:
        _show(refusal)
        raise click.ClickException(f"{refusal.detail} {_('Nothing was stored.')}") from refusal
    for warning in counts.get("warnings", []):
        click.echo(warning, err=True)
    click.echo(
        _(
            "%(added)s added, %(changed)s changed, %(withdrawn)s withdrawn, "
            "%(unchanged)s unchanged.",
            **counts,
        )
    )


def _read(file: BinaryIO) -> EntriesFile:
    lines = file.readlines()
    with click.progressbar(
        lines, label=_("Reading"), file=sys.stderr, update_min_steps=LINES_PER_STEP
    ) as read:
        return entries.read_bytes(b"".join(read), _name_of(file))


def _store(file: EntriesFile, **how: bool) -> ImportCounts:
    with (
        database_of("marks") as database,
        click.progressbar(length=len(file.entries), label=_("Storing"), file=sys.stderr) as stored,
        database.transaction() as session,
    ):
        return entries.import_entries(session, file, None, on_progress=stored.update, **how)


def _show(refusal: UnprocessableError | ConflictError) -> None:
    for error in refusal.errors[:MOST_SHOWN]:
        click.echo(error.detail, err=True)
    hidden = len(refusal.errors) - MOST_SHOWN
    if hidden > 0:
        click.echo(_("… and %(count)s more.", count=hidden), err=True)
