"""The command line: commands found without being imported, refusals in words."""

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from shared import cli
from shared.errors import FieldError, UnprocessableError
from shared.launcher.home import Home
from shared.settings import describe, settings


@click.command()
def show_key() -> None:
    """Show what a service's command sees."""
    click.echo(settings().secret_key)


@click.command()
def refuse() -> None:
    """Refuse, as a use case does."""
    raise UnprocessableError("The file is not good.", errors=[FieldError("/2/mark", "too high")])


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for variable in describe():
        for name in (variable.name, f"{variable.name}_FILE"):
            # Set and taken away, so that what a command adopts is taken back at the end.
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _offers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("offering")
    vars(module).update(show_key=show_key, refuse=refuse)
    monkeypatch.setitem(sys.modules, "offering", module)
    points = EntryPoints(
        EntryPoint(name, value, cli.COMMANDS)
        for name, value in [
            ("show-key", "offering:show_key"),
            ("refuse", "offering:refuse"),
            ("broken", "no.such.module:command"),
        ]
    )
    monkeypatch.setattr(cli, "entry_points", points.select)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, arguments)
    return result.exit_code, result.output


def test_the_real_stack_says_that_it_is_not_there() -> None:
    code, output = run("up", "--stack", "real")

    assert code == 1
    assert "not built yet" in output


def test_a_refusal_is_told_in_words_and_names_the_field() -> None:
    code, output = run("refuse")

    assert code == 1
    assert "The file is not good." in output
    assert "/2/mark: too high" in output


def test_settings_that_are_missing_are_named() -> None:
    code, output = run("show-key")

    assert code == 1
    assert "IAMIS_SECRET_KEY" in output


def test_a_command_sees_the_installation_of_its_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.make_secrets()

    assert run("--home", str(home.path), "show-key") == (0, f"{home.secret('secret-key')}\n")


def test_what_the_operator_sets_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.make_secrets()
    monkeypatch.setenv("IAMIS_SECRET_KEY", "set-by-hand")

    assert run("--home", str(home.path), "show-key") == (0, "set-by-hand\n")


def test_a_command_is_imported_only_when_it_is_called_for() -> None:
    code, output = run("show-key", "--help")

    assert code == 0
    assert "Show what a service's command sees." in output


def test_an_unknown_command_is_a_usage_error() -> None:
    code, output = run("no-such-thing")

    assert code == 2
    assert "no-such-thing" in output
