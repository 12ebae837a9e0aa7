"""Columns for a terminal."""

from collections.abc import Sequence

import click

GAP = "  "


def show(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print the rows under their head; the last column is as wide as it happens to be."""
    cells = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head) - 1)]
    for row in cells:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=True)]
        click.echo(GAP.join([*padded, row[-1]]).rstrip())
