"""The command line: commands found without being imported, refusals in words."""

import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner
from sqlalchemy.exc import OperationalError

from shared import cli
from shared.errors import FieldError, UnprocessableError
from shared.launcher import postgres, rabbitmq
from shared.launcher.files import write_whole
from shared.launcher.home import Home
from shared.settings import describe, settings

URL = "postgresql://iamis_marks:p@127.0.0.1:5/iamis_marks"


@click.command()
def show_key() -> None:
    """Show what a service's command sees."""
    click.echo(settings().secret_keys[0])


@click.command()
def refuse() -> None:
    """Refuse, as a use case does."""
    raise UnprocessableError("The file is not good.", errors=[FieldError("/2/mark", "too high")])


@click.command()
def look() -> None:
    """Look into a database that is not there."""
    raise OperationalError("SELECT 1", {}, Exception("connection refused"))


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    for variable in describe():
        for name in (variable.name, f"{variable.name}_FILE"):
            monkeypatch.delenv(name, raising=False)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(autouse=True)
def _offers(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("offering")
    vars(module).update(show_key=show_key, refuse=refuse, look=look)
    monkeypatch.setitem(sys.modules, "offering", module)
    points = EntryPoints(
        EntryPoint(name, value, cli.COMMANDS)
        for name, value in [
            ("show-key", "offering:show_key"),
            ("refuse", "offering:refuse"),
            ("look", "offering:look"),
            ("broken", "no.such.module:command"),
        ]
    )
    monkeypatch.setattr(cli, "entry_points", points.select)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, arguments)
    return result.exit_code, result.output


def test_everything_that_the_real_stack_lacks_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = partial(postgres.binaries, installed=tmp_path)
    monkeypatch.setattr(postgres, "binaries", nowhere)
    monkeypatch.setattr(rabbitmq, "PROGRAMS", tmp_path)

    code, output = run("--home", str(tmp_path / "home"), "up", "--stack", "real")

    assert code == 1
    for wanted in ("postgresql", "rabbitmq-server", "make install"):
        assert wanted in output
    assert not (tmp_path / "home").exists()


def test_a_start_is_of_the_stack_of_its_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = partial(postgres.binaries, installed=tmp_path)
    monkeypatch.setattr(postgres, "binaries", nowhere)
    home = Home(tmp_path / "home")
    home.create()
    home.belong_to("real")

    for where in (("--home", str(home.path), "up"), ("up", "--home", str(home.path))):
        code, output = run(*where)
        assert (code, "postgresql" in output) == (1, True)


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


@pytest.fixture
def real(tmp_path: Path) -> Home:
    """One that was started."""
    home = Home(tmp_path / "home")
    home.create()
    home.belong_to("real")
    home.make_secrets()
    write_whole(home.secret_file("database-url-marks"), URL)
    write_whole(home.secret_file("amqp-url"), "amqp://iamis:p@127.0.0.1:6/")
    write_whole(home.secret_file("amqp-management-url"), "http://iamis-operator:p@127.0.0.1:7")
    return home


def test_a_command_sees_the_real_stack_of_its_home(real: Home) -> None:
    assert run("--home", str(real.path), "show-key") == (0, f"{real.secret('secret-key')}\n")
    assert settings().stack == "real"
    assert settings().database_url("marks") == URL
    assert settings().amqp_url == "amqp://iamis:p@127.0.0.1:6/"
    assert settings().amqp_management_url == "http://iamis-operator:p@127.0.0.1:7"


@pytest.mark.parametrize("name", ["serve", "worker"])
def test_what_serves_by_hand_is_of_the_stack_of_its_home_and_declares_nothing(
    real: Home, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(cli.OWN, name, "offering:show_key")

    assert run("--home", str(real.path), name) == (0, f"{real.secret('secret-key')}\n")
    assert settings().database_url("marks") == URL
    assert settings().amqp_url == "amqp://iamis:p@127.0.0.1:6/"
    assert settings().amqp_management_url is None


def test_a_home_of_another_stack_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    home.create()
    home.make_secrets()
    monkeypatch.setenv("IAMIS_STACK", "real")

    code, output = run("--home", str(home.path), "show-key")

    assert code == 1
    assert "IAMIS_SECRET_KEY" in output


def test_a_database_that_does_not_answer_is_told_in_words() -> None:
    code, output = run("look")

    assert code == 1
    assert "database does not answer" in output
    assert "Traceback" not in output


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
