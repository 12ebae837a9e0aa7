"""What the command line says of itself."""

from collections.abc import Iterator

import click

from shared.cli import main


def groups_below(group: click.Group, ctx: click.Context) -> Iterator[click.Group]:
    yield group
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from groups_below(command, ctx)


def test_what_a_command_does_fits_on_its_line() -> None:
    groups = list(groups_below(main, click.Context(main)))
    assert len(groups) > 1
    for group in groups:
        text = group.get_help(click.Context(group, terminal_width=80))
        _about, listed = text.split("Commands:")
        assert "..." not in listed
