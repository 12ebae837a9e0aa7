"""Settings: defaults, secrets, and every fault named at once."""

from pathlib import Path

import pytest

from shared.bus import RETRY_LADDER_SECONDS
from shared.settings import Settings, SettingsError, describe
from shared.settings_help import Helpline

REAL = {"IAMIS_STACK": "real", "IAMIS_AMQP_URL": "amqp://user:pw@broker/"}
S3 = {
    "IAMIS_S3_ENDPOINT": "http://127.0.0.1:9000/",
    "IAMIS_S3_ACCESS_KEY": "access",
    "IAMIS_S3_SECRET_KEY": "hidden-s3",
}


def problems_of(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        Settings.load(environ)
    return "\n".join(caught.value.problems)


def test_help_is_read_by_name() -> None:
    told = "GCSE=a@b.example 029 2018 0000; Entry Pathways = 029 1; GCE=c@d.example"
    read = Settings.load({"IAMIS_HELPLINES": told, "IAMIS_MANUALS": "WJEC=https://w.example/?a=b"})
    assert read.help.helplines == {
        "GCSE": Helpline("a@b.example", "029 2018 0000"),
        "Entry Pathways": Helpline("", "029 1"),
        "GCE": Helpline("c@d.example", ""),
    }
    assert read.help.helpline("ENTRY PATHWAYS") == ("Entry Pathways", Helpline("", "029 1"))
    assert read.help.helpline("GNVQ") is None
    assert read.help.manual("wjec") == ("WJEC", "https://w.example/?a=b")
    assert read.help.hours is None


def test_faulty_help_is_named() -> None:
    environ = {
        "IAMIS_HELPLINES": "GCSE; =a@b.example",
        "IAMIS_HELPLINE_HOURS": "9 to 5",
        "IAMIS_MANUALS": "WJEC=javascript:alert(1)",
    }
    problems = problems_of(environ)
    assert "IAMIS_HELPLINES must be like name=value; name=value, not 'GCSE'" in problems
    assert "not '=a@b.example'" in problems
    assert "IAMIS_HELPLINE_HOURS must be hours such as 08:30-17:00, not '9 to 5'" in problems
    assert "IAMIS_MANUALS must be like" in problems


def test_an_empty_environment_is_the_embedded_stack_in_var() -> None:
    loaded = Settings.load({})

    home = Path.cwd() / "var"
    assert (loaded.stack, loaded.home, loaded.port, loaded.bind) == (
        "embedded",
        home,
        8000,
        "127.0.0.1",
    )
    assert loaded.database_url("marks") == f"sqlite:///{home}/db/marks.sqlite"
    assert loaded.bus_file == home / "bus" / "bus.sqlite"
    assert loaded.jwks_file == home / "run" / "jwks.json"
    assert loaded.max_file_bytes == 5 * 1024**3
    assert loaded.evidence.quota_bytes == 200 * 10**9
    assert not loaded.cookie_secure


def test_every_fault_is_named_at_once() -> None:
    named = problems_of(
        {
            "IAMIS_STACK": "real",
            "IAMIS_PORT": "eighty",
            "IAMIS_LOG_LEVEL": "LOUD",
            "IAMIS_CLOCK_OFFSET": "60",
            "IAMIS_TRUSTED_PROXIES": "10.0.0.0/8, nowhere",
            "IAMIS_COOKIE_SECURE": "perhaps",
            "IAMIS_URL_MARKS": "marks:80",
            "IAMIS_S3_ENDPOINT": "store",
            "IAMIS_SECRET_KEY_FILE": "/does/not/exist",
            "IAMIS_MAX_FILE_BYTES": "0",
            "IAMIS_EVIDENCE_QUOTA_BYTES": "-1",
        }
    )

    for name in (
        "IAMIS_PORT",
        "IAMIS_LOG_LEVEL",
        "IAMIS_CLOCK_OFFSET",
        "IAMIS_TRUSTED_PROXIES",
        "IAMIS_COOKIE_SECURE",
        "IAMIS_URL_MARKS",
        "IAMIS_S3_ENDPOINT",
        "IAMIS_SECRET_KEY_FILE",
        "IAMIS_MAX_FILE_BYTES",
        "IAMIS_EVIDENCE_QUOTA_BYTES",
    ):
        assert name in named


def test_the_broker_is_asked_for_where_it_is_needed() -> None:
    with pytest.raises(SettingsError, match="IAMIS_AMQP_URL is required"):
        _ = Settings.load({"IAMIS_STACK": "real"}).amqp_url
    assert Settings.load(REAL).amqp_url == REAL["IAMIS_AMQP_URL"]
    assert Settings.load({}).amqp_url is None


def test_the_stack_must_be_one_of_two() -> None:
    assert "IAMIS_STACK" in problems_of({"IAMIS_STACK": "cloud"})


def test_the_clock_is_moved_on_the_embedded_stack_only() -> None:
    assert Settings.load({"IAMIS_CLOCK_OFFSET": "-3600"}).clock_offset == -3600
    assert "IAMIS_CLOCK_OFFSET" in problems_of(REAL | {"IAMIS_CLOCK_OFFSET": "1"})


def test_the_real_stack_needs_a_database_url_per_service() -> None:
    loaded = Settings.load(REAL | {"IAMIS_DATABASE_URL_MARKS": "postgresql+psycopg://db/marks"})

    assert loaded.cookie_secure
    assert loaded.database_url("marks") == "postgresql+psycopg://db/marks"
    assert loaded.owner_url("marks") == "postgresql+psycopg://db/marks"
    owned = Settings.load(REAL | {"IAMIS_DATABASE_OWNER_URL_MARKS": "postgresql://owner@db/marks"})
    assert owned.owner_url("marks") == "postgresql://owner@db/marks"
    with pytest.raises(SettingsError, match="IAMIS_DATABASE_URL_SAMPLING"):
        loaded.database_url("sampling")


def test_the_ladder_is_given_in_growing_seconds() -> None:
    assert Settings.load({}).retry_ladder == RETRY_LADDER_SECONDS
    assert Settings.load({"IAMIS_RETRY_LADDER": "0.05, 1,20"}).retry_ladder == (0.05, 1.0, 20.0)
    for wrong in ("soon", "1,1", "5,1", "0,1", "-1", "1,,2", "nan", "inf", "1,0.0001", "90000"):
        assert "IAMIS_RETRY_LADDER" in problems_of({"IAMIS_RETRY_LADDER": wrong})


def test_ports_are_a_range_with_its_ends() -> None:
    assert Settings.load({}).ports == range(20_000, 30_000)
    assert list(Settings.load({"IAMIS_PORTS": "7000-7001"}).ports) == [7000, 7001]
    for wrong in ("many", "7000", "7001-7000", "0-1", "7000-65536", "-1-2", "7000-"):
        assert "IAMIS_PORTS" in problems_of({"IAMIS_PORTS": wrong})


def test_service_urls_lose_their_last_slash() -> None:
    loaded = Settings.load({"IAMIS_URL_MARKS": "http://127.0.0.1:8101/"})

    assert loaded.service_url("marks") == "http://127.0.0.1:8101"
    with pytest.raises(SettingsError, match="IAMIS_URL_REPORTS"):
        loaded.service_url("reports")


def test_object_storage_names_all_that_is_missing() -> None:
    with pytest.raises(SettingsError) as caught:
        _ = Settings.load({"IAMIS_S3_ACCESS_KEY": "access"}).s3

    assert len(caught.value.problems) == 2
    s3 = Settings.load(S3).s3
    assert (s3.endpoint, s3.secure, s3.region) == ("127.0.0.1:9000", False, "us-east-1")
    assert Settings.load(S3 | {"IAMIS_S3_ENDPOINT": "https://s3.example"}).s3.secure


@pytest.mark.parametrize("name", ["IAMIS_SECRET_KEY", "IAMIS_DATABASE_URL_MARKS"])
def test_a_secret_may_come_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("from-a-file\n", encoding="utf-8")

    loaded = Settings.load({f"{name}_FILE": str(file)})

    assert "from-a-file" in {*loaded.given_secret_keys, loaded.database_url("marks")}
    assert "both" in problems_of({name: "here", f"{name}_FILE": str(file)})


def test_an_empty_secret_file_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.touch()

    assert "empty" in problems_of({"IAMIS_SECRET_KEY_FILE": str(file)})


def test_there_is_no_default_secret() -> None:
    with pytest.raises(SettingsError, match="IAMIS_SECRET_KEY"):
        _ = Settings.load({}).secret_keys


def test_secrets_are_not_shown() -> None:
    shown = repr(
        Settings.load(
            REAL
            | S3
            | {"IAMIS_SECRET_KEY": "hidden-key", "IAMIS_DATABASE_URL_MARKS": "pg://hidden-db"}
        )
    )

    assert "hidden" not in shown
    assert "pw@" not in shown


def test_the_described_defaults_are_the_defaults() -> None:
    plain = {
        v.name: v.default
        for v in describe()
        if v.default is not None and "<" not in v.name and "$" not in v.default
    }
    plain.pop("IAMIS_COOKIE_SECURE")

    assert Settings.load(plain) == Settings.load({})


def test_every_secret_is_described_as_one() -> None:
    secrets = {v.name for v in describe() if v.secret}

    assert secrets == {
        "IAMIS_AMQP_MANAGEMENT_URL",
        "IAMIS_AMQP_URL",
        "IAMIS_DATABASE_OWNER_URL_<SERVICE>",
        "IAMIS_DATABASE_URL_<SERVICE>",
        "IAMIS_S3_ACCESS_KEY",
        "IAMIS_S3_SECRET_KEY",
        "IAMIS_SECRET_KEY",
        "IAMIS_SMTP_URL",
    }


@pytest.mark.parametrize(
    "url", ["mail.example:25", "http://mail.example", "smtps://", "smtp://user:pw@mail.example"]
)
def test_a_mail_server_is_named_whole_and_gets_a_password_over_tls_alone(url: str) -> None:
    assert "IAMIS_SMTP_URL" in problems_of({"IAMIS_SMTP_URL": url})


def test_links_lead_to_where_people_reach_the_pages() -> None:
    gateway = {"IAMIS_URL_GATEWAY": "http://127.0.0.1:8123"}
    assert Settings.load({}).public_url == "http://127.0.0.1:8000"
    assert Settings.load(gateway).public_url == "http://127.0.0.1:8123"
    public = {"IAMIS_PUBLIC_URL": "https://iamis.example/"}
    assert Settings.load(gateway | public).public_url == "https://iamis.example"
