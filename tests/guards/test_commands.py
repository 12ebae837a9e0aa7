"""What the command line says of itself, and the operators' page of it."""

import re
from collections.abc import Iterator

import click

from shared.cli import main
from tests.guards.tree import ROOT


def commands_of(group: click.Group) -> Iterator[click.Command]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command
        yield command


def groups_below(group: click.Group) -> Iterator[click.Group]:
    yield group
    for command in commands_of(group):
        if isinstance(command, click.Group):
            yield from groups_below(command)


def test_what_a_command_does_fits_on_its_line() -> None:
    groups = list(groups_below(main))
    assert len(groups) > 1
    for group in groups:
        text = group.get_help(click.Context(group, terminal_width=80))
        _about, listed = text.split("Commands:")
        assert "..." not in listed


def test_no_command_is_hidden() -> None:
    commands = [command for group in groups_below(main) for command in commands_of(group)]
    assert [command.name for command in commands if command.hidden] == []


def test_the_operators_page_names_every_command() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    names = main.list_commands(click.Context(main))
    assert [one for one in names if not re.search(rf"\b(iamis|operator) {one}\b", page)] == []
