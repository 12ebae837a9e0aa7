"""A restore that is refused leaves nothing behind; one that is done is in ../../integration."""

from pathlib import Path

import pytest

from shared.backup.manifest import PURPOSE, Manifest, list_files
from shared.launcher.errors import LauncherError
from shared.launcher.files import write_whole
from shared.launcher.restoring import Restoring
from shared.seal import Seal
from shared.settings import Settings

RIGHT, WRONG = "a" * 64, "b" * 64


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """One with nothing in it but a damaged file."""
    folder = tmp_path / "backup"
    folder.mkdir()
    (folder / "damaged").write_text("whole", encoding="utf-8")
    files, listing = list_files(folder)
    sealed = Seal((RIGHT,), PURPOSE).close("kept")
    made = "2031-05-14T02:00:00Z"
    Manifest(made, "embedded", {}, files, listing, sealed).write(folder)
    (folder / "damaged").write_text("not so", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("key", "why"),
    [(None, "--secret-key-file"), (WRONG, "is not the one"), (RIGHT, "damaged")],
    ids=["none", "wrong", "right"],
)
def test_a_refused_restore_makes_no_home(
    backup: Path, tmp_path: Path, key: str | None, why: str
) -> None:
    home, file = tmp_path / "home", tmp_path / "key"
    write_whole(file, key or "")
    restoring = Restoring(
        Settings.load({"IAMIS_HOME": str(home)}),
        (),
        (),
        with_demo=False,
        say=print,
        backup=backup,
        secret_key_file=file if key else None,
    )

    with pytest.raises(LauncherError, match=why):
        restoring.run()
    assert not home.exists()
