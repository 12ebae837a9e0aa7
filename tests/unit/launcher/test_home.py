"""The home: made once, locked, its secrets kept."""

import stat
from pathlib import Path

import pytest

from shared.launcher.errors import LauncherError
from shared.launcher.files import last_lines, write_whole
from shared.launcher.home import SECRETS, Home


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "deep" / "home")
    home.create()
    home.make_secrets()
    return home


def test_others_may_pass_the_home_and_see_nothing_in_it(home: Home) -> None:
    assert mode_of(home.path) == 0o711
    assert {mode_of(folder) for folder in home.path.iterdir()} == {0o700}
    assert {mode_of(home.secret_file(name)) for name in SECRETS} == {0o600}


def test_secrets_are_random_and_made_once(home: Home, tmp_path: Path) -> None:
    before = {name: home.secret(name) for name in SECRETS}
    other = Home(tmp_path / "other")
    other.create()
    other.make_secrets()

    home.create()
    home.make_secrets()

    assert {name: home.secret(name) for name in SECRETS} == before
    assert not {other.secret(name) for name in SECRETS} & set(before.values())
    assert all(len(value) >= 40 for value in before.values())


def test_a_home_has_one_launcher(home: Home) -> None:
    with home.locked():
        second = home.locked()
        with pytest.raises(LauncherError, match="already running"):
            second.__enter__()

    with home.locked():
        """It is free again."""


def test_a_home_keeps_the_data_of_one_stack(home: Home, tmp_path: Path) -> None:
    new = Home(tmp_path / "new")
    new.create()
    before = new.stack
    new.belong_to("real")
    new.belong_to("real")
    assert (before, new.stack) == (None, "real")
    with pytest.raises(LauncherError, match="of the stack real"):
        new.belong_to("embedded")

    # One that was made before there was a choice.
    with pytest.raises(LauncherError, match="of the stack embedded"):
        home.belong_to("real")


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()

    with pytest.raises(LauncherError, match=str(file)):
        Home(file / "home").create()


def test_a_file_is_replaced_whole_and_is_the_owners(tmp_path: Path) -> None:
    path = tmp_path / "file"

    write_whole(path, "old")
    write_whole(path, "new")

    assert path.read_text(encoding="utf-8") == "new"
    assert mode_of(path) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_the_end_of_a_log(tmp_path: Path) -> None:
    log = tmp_path / "log"

    assert last_lines(log) == ""
    log.write_text("\n".join(map(str, range(20))), encoding="utf-8")
    assert last_lines(log, 2) == "18\n19"
