"""The environment of the embedded stack, and what a command sees of it."""

from pathlib import Path

from shared.launcher.environment import environment, merged
from shared.launcher.home import Home
from shared.launcher.instance import Instance
from shared.settings import Settings


def home_at(path: Path) -> Home:
    home = Home(path)
    home.create()
    home.make_secrets()
    return home


def test_settings_can_be_read_from_it(tmp_path: Path) -> None:
    home = home_at(tmp_path)

    settings = Settings.load(environment(home, {"store": 9000, "marks": 9001}))

    assert settings.home == tmp_path
    assert settings.secret_keys == (home.secret("secret-key"),)
    assert settings.s3.endpoint == "127.0.0.1:9000"
    assert settings.s3.secret_key == home.secret("s3-secret-key")
    assert settings.service_urls == {"marks": "http://127.0.0.1:9001"}


def test_when_nothing_runs_the_databases_are_still_found(tmp_path: Path) -> None:
    settings = Settings.load(environment(home_at(tmp_path), {}))

    assert settings.database_url("marks") == f"sqlite:///{tmp_path}/db/marks.sqlite"


def test_a_secret_is_never_given_twice() -> None:
    inherited = {"PATH": "/bin", "IAMIS_SECRET_KEY": "old", "IAMIS_BIND": "::1"}

    given = merged(inherited, {"IAMIS_SECRET_KEY_FILE": "new"})

    assert given == {"PATH": "/bin", "IAMIS_BIND": "::1", "IAMIS_SECRET_KEY_FILE": "new"}
    assert merged(given, {"IAMIS_SECRET_KEY": "plain"})["IAMIS_SECRET_KEY"] == "plain"
    assert "IAMIS_SECRET_KEY_FILE" not in merged(given, {"IAMIS_SECRET_KEY": "plain"})


def test_what_runs_is_written_and_read(tmp_path: Path) -> None:
    home = home_at(tmp_path)
    instance = Instance(
        pid=1,
        stack="embedded",
        port=8000,
        base_url="http://127.0.0.1:8000",
        state="ready",
        ports={"marks": 9001},
        pids={"marks": 2},
    )

    assert Instance.read(home) is None
    instance.write(home)
    assert Instance.read(home) == instance
