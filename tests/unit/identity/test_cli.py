"""The operators' commands."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from services.identity import cli
from services.identity.models import Interest, Membership, User
from shared.settings import Settings, settings
from tests.unit.identity.people import Person, Portal

NAMES = ["--first-name", "Carys", "--last-name", "Griffiths"]


@pytest.fixture
def work_on(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Give the commands the database of this URL."""

    def work_on(url: str) -> None:
        monkeypatch.setenv("IAMIS_DATABASE_URL_IDENTITY", url)
        settings.cache_clear()

    yield work_on
    settings.cache_clear()


@pytest.fixture
def run(portal: Portal, work_on: Callable[[str], None]) -> Callable[..., Result]:
    """Run `create-user` against the portal's database."""
    work_on(portal.service.database.engine.url.render_as_string(hide_password=False))

    def create(*arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli.create_user, [*arguments, *NAMES], input=typed)

    return create


def _told(result: Result) -> dict[str, str]:
    assert result.exit_code == 0, result.output
    return dict(line.split(": ", 1) for line in result.stdout.splitlines())


def test_an_account_made_signs_in_with_what_was_printed(
    portal: Portal, run: Callable[..., Result]
) -> None:
    told = _told(run("new@bryn.example", "--role", "admin", "--centre", "68101"))
    with portal.service.database.reading() as session:
        user_id = session.scalars(select(User.id)).one()
    person = Person(user_id, told["Account"], told["TOTP secret"], told["Password"])
    user = portal.sign_in(person)["user"]
    assert (user["role"], user["centre_no"], user["name"]) == ("admin", "68101", "Carys Griffiths")


def test_a_password_of_ones_own_is_not_printed(portal: Portal, run: Callable[..., Result]) -> None:
    arguments = ("new@bryn.example", "--role", "user", "--centre", "68101")
    told = _told(run(*arguments, "--password-file", "-", typed="mynydd-afon-llyn\n"))
    assert set(told) == {"Account", "TOTP secret"}
    with portal.service.database.reading() as session:
        user_id = session.scalars(select(User.id)).one()
    person = Person(user_id, told["Account"], told["TOTP secret"], "mynydd-afon-llyn")
    assert portal.sign_in(person)["user"]["role"] == "user"


@pytest.mark.parametrize(("flags", "iamis"), [([], True), (["--no-iamis"], False)])
def test_a_teacher_has_iamis_unless_told_otherwise(
    portal: Portal, run: Callable[..., Result], flags: list[str], *, iamis: bool
) -> None:
    _told(run("new@bryn.example", "--role", "user", "--centre", "68101", *flags))
    with portal.service.database.reading() as session:
        member = session.scalars(select(Membership)).one()
    assert (member.account_type, member.iamis, member.status) == ("user", iamis, "active")


def test_an_appointees_centre_is_one_they_never_moderate(
    portal: Portal, run: Callable[..., Result]
) -> None:
    _told(run("mod@home.example", "--role", "appointee", "--centre", "68102"))
    with portal.service.database.reading() as session:
        assert session.scalars(select(Membership)).all() == []
        assert session.scalars(select(Interest.centre_no)).all() == ["68102"]


def test_a_new_centre_is_named(portal: Portal, run: Callable[..., Result]) -> None:
    place = ("--centre", "68103", "--centre-name", "Coleg y Cwm")
    told = _told(run("new@cwm.example", "--role", "admin", *place))
    with portal.service.database.reading() as session:
        user_id = session.scalars(select(User.id)).one()
    person = Person(user_id, told["Account"], told["TOTP secret"], told["Password"])
    assert portal.sign_in(person)["user"]["centres"][0]["name"] == "Coleg y Cwm"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["taken@bryn.example", "--role", "board"], 1, "already"),
        (["TAKEN@bryn.example", "--role", "board"], 1, "already"),
        (["a@b.example", "--role", "admin", "--centre", "99999"], 1, "99999"),
        (["not-an-address", "--role", "board"], 1, "not-an-address"),
        (["a@b.example", "--role", "admin"], 2, "--centre"),
        (["a@b.example", "--role", "admin", "--centre", "abc"], 2, "abc"),
        (["a@b.example", "--role", "board", "--centre", "68101"], 2, "no centre"),
        (["a@b.example", "--role", "board", "--centre-name", "x"], 2, "--centre-name"),
        (["a@b.example", "--role", "board", "--password-file", "-"], 1, "12"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_made(
    portal: Portal, run: Callable[..., Result], arguments: list[str], code: int, says: str
) -> None:
    portal.add("taken@bryn.example")
    result = run(*arguments, typed="short\n")
    assert (result.exit_code, says in result.output) == (code, True)
    with portal.service.database.reading() as session:
        assert len(session.scalars(select(User)).all()) == 1


@pytest.mark.parametrize("there", [False, True])
def test_an_installation_never_started_says_so(
    tmp_path: Path, work_on: Callable[[str], None], *, there: bool
) -> None:
    file = tmp_path / "empty.sqlite"
    if there:
        file.touch()
    work_on(f"sqlite:///{file}")
    result = CliRunner().invoke(cli.create_user, ["a@b.example", "--role", "board", *NAMES])
    assert (result.exit_code, "start the system" in result.output) == (1, True)
    assert file.exists() is there


def test_a_database_that_cannot_be_read_is_told_in_words(
    tmp_path: Path, work_on: Callable[[str], None]
) -> None:
    file = tmp_path / "other.sqlite"
    file.write_text("This is no database." * 100)
    work_on(f"sqlite:///{file}")
    result = CliRunner().invoke(cli.create_user, ["a@b.example", "--role", "board", *NAMES])
    assert result.exit_code == 1
    assert "cannot be used: file is not a database" in result.output


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW_CODE = pyotp.TOTP(SECRET).at(1935403205)  # where the clock of the tests stands


@pytest.fixture
def demo(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    loaded = Settings.load({"IAMIS_HOME": str(home)})
    monkeypatch.setattr(cli, "settings", lambda: loaded)
    accounts = [{"email": "a@b.example", "totp_secret": pyotp.random_base32()}]
    accounts.append({"email": "Carys@bryn.example", "totp_secret": SECRET})
    (home / "demo-accounts.json").write_text(json.dumps(accounts))
    return home


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "named", [SECRET, "jbsw y3dp ehpk 3pxp jbsw y3dp ehpk 3pxp", "carys@BRYN.example"]
)
def test_the_code_alone_is_printed(named: str) -> None:
    result = CliRunner().invoke(cli.totp, [named])
    assert (result.exit_code, result.stdout) == (0, f"{NOW_CODE}\n")
    assert result.stderr == "25 seconds left\n"


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("named", ["nobody@bryn.example", "not base32!", "1"])
def test_a_secret_that_is_none_is_said(named: str) -> None:
    result = CliRunner().invoke(cli.totp, [named])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")


def test_without_a_demo_its_accounts_are_not_known(demo: Path) -> None:
    (demo / "demo-accounts.json").unlink()
    result = CliRunner().invoke(cli.totp, ["carys@bryn.example"])
    assert (result.exit_code, "demo-accounts.json" in result.stderr) == (1, True)
