"""Every command explains itself."""

import click
import pytest
from click.testing import CliRunner

from shared.cli import main


def commands() -> list[str]:
    return main.list_commands(click.Context(main))


def test_the_commands_of_the_contract_are_there() -> None:
    listed = CliRunner().invoke(main, ["--help"])
    assert listed.exit_code == 0
    for name in (
        "up",
        "create-user",
        "dead-letters",
        "doctor",
        "import-entries",
        "keys",
        "outbox",
        "republish",
        "subscribe",
        "tools",
        "totp",
        "worker",
    ):
        assert f"\n  {name} " in listed.output


@pytest.mark.parametrize("name", commands())
def test_help_tells_what_the_command_does(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command
    assert command.help
    asked = CliRunner().invoke(main, [name, "--help"])
    assert asked.exit_code == 0
    assert asked.output.startswith(f"Usage: main {name}")
    shown = [option for option in command.params if isinstance(option, click.Option)]
    assert [o.name for o in shown if not (o.help or o.type.name == "choice" or o.required)] == []
