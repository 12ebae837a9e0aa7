"""`iamis evidence verify`, `purge` and `reject`, as an operator types them."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from services.uploads import cli
from services.uploads.commands import verifying
from services.uploads.models import EvidenceFile
from shared.audit import OPERATOR, AuditRow
from shared.settings import settings
from tests.support.memory_storage import MemoryStorage
from tests.support.service import ServiceUnderTest, admin_of, rows_of
from tests.unit.uploads.builders import (
    ALL_IN,
    CENTRE,
    OTHER_CENTRE,
    PAPER,
    SAMPLED,
    TOO_LATE,
    candidate_files,
    group_files,
    sampled_sheet,
    sent,
    tell_sample,
    told,
)
from tests.unit.uploads.conftest import Clock

ADMIN = admin_of(CENTRE)
SERIES = "JUNE 2031"


@pytest.fixture
def service(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ServiceUnderTest]:
    """The service, its database the one the commands work on; with three files, one deleted."""
    url = service.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IAMIS_DATABASE_URL_UPLOADS", url)
    monkeypatch.setattr(verifying, "MOMENT_SECONDS", 0.0)
    settings.cache_clear()
    sampled_sheet(service)
    for path, content in ((candidate_files(), b"one"), (group_files(), b"two")):
        sent(service, path, content)
    gone = sent(service, candidate_files(), b"three")
    service.call("DELETE", f"{candidate_files()}/{gone['id']}", ADMIN)
    yield service
    settings.cache_clear()


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli.evidence, arguments, input=typed)


def test_all_is_well_and_the_look_is_on_record(service: ServiceUnderTest) -> None:
    result = run("verify")
    assert (result.exit_code, result.stdout) == (0, "3 files are as they were uploaded.\n")
    with service.transaction() as session:
        last = rows_of(session, AuditRow)[-1]
        assert (last.action, last.by, last.after) == (
            "evidence.verify",
            OPERATOR,
            {"content": True, "findings": 0},
        )


def test_what_was_done_behind_its_back_is_found(
    service: ServiceUnderTest, storage: MemoryStorage
) -> None:
    lost, longer, altered = sorted(storage.objects)
    del storage.objects[lost]
    storage.objects[longer] += b"!"
    storage.objects[altered] = b"x" * len(storage.objects[altered])
    storage.objects["nobody/knows/this"] = b"stray"
    storage.objects["moderator-reports/68101/p/1"] = b"of the report"
    result = run("verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"lost\t{lost}",
        f"size\t{longer}",
        f"content\t{altered}",
        "stray\tnobody/knows/this",
    ]
    assert "4 of 3" in result.stderr
    assert f"content\t{altered}" not in run("verify", "--quick").stdout
    assert service.call("GET", group_files(), ADMIN).status_code == 200


def test_a_series_is_removed_for_good(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    moment.now = ALL_IN
    assert run("purge", SERIES, "--dry-run").stdout == "3 files of JUNE 2031 are kept.\n"
    assert run("purge", SERIES, typed="n\n").exit_code == 1
    assert len(storage.objects) == 3
    assert run("purge", SERIES, typed="y\n").exit_code == 0
    assert storage.objects == {}
    assert told(service.call("GET", candidate_files(), ADMIN))["total"] == 0
    assert len(service.emitted("evidence.deleted.v1")) == 3, "of the deleted one it was told before"
    with service.transaction() as session:
        assert all(row.purged_at for row in rows_of(session, EvidenceFile))
        actions = [row.action for row in rows_of(session, AuditRow)]
    assert actions.count("evidence.purge") == 3
    assert run("purge", SERIES, "--yes").stdout == "0 files of JUNE 2031 are kept.\n"
    assert run("verify").stdout == "0 files are as they were uploaded.\n"


@pytest.mark.usefixtures("service")
def test_an_object_left_of_a_purge_is_a_stray(storage: MemoryStorage, moment: Clock) -> None:
    moment.now = ALL_IN
    before = dict(storage.objects)
    run("purge", SERIES, "--yes")
    storage.objects |= before
    assert run("verify").stdout.count("stray\t") == 3


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize("late", [False, True], ids=["may be uploaded", "may be on its way"])
def test_what_may_still_come_is_not_removed(
    storage: MemoryStorage, moment: Clock, *, late: bool
) -> None:
    moment.now = TOO_LATE if late else moment.now
    refused = run("purge", SERIES, "--yes")
    assert refused.exit_code == 1
    assert "15/05/2031" in str(refused.exception)
    assert len(storage.objects) == 3


def test_a_further_request_keeps_the_series_until_it_is_due(
    service: ServiceUnderTest, storage: MemoryStorage, moment: Clock
) -> None:
    moment.now = ALL_IN
    due = moment.now.date() + timedelta(days=3)
    tell_sample(service, dues={SAMPLED[1]: due.isoformat()}, centre_no=OTHER_CENTRE)
    refused = run("purge", SERIES, "--yes")
    assert refused.exit_code == 1
    assert f"{due:%d/%m/%Y}" in str(refused.exception)
    assert len(storage.objects) == 3

    moment.now += timedelta(days=5)
    assert run("purge", SERIES, "--yes").exit_code == 0
    assert storage.objects == {}


@pytest.mark.usefixtures("service")
def test_a_series_nobody_knows_has_nothing() -> None:
    assert run("purge", "JUNE 1999").stdout == "0 files of JUNE 1999 are kept.\n"


@pytest.fixture
def waiting(service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A file that waits to be looked at for viruses."""
    monkeypatch.setenv("IAMIS_CLAMAV_URL", "tcp://127.0.0.1:1")
    settings.cache_clear()
    file = sent(service, candidate_files(SAMPLED[1]), b"stuck")
    assert file["status"] == "waiting"
    return str(file["id"])


def test_a_file_that_cannot_be_scanned_is_given_up(service: ServiceUnderTest, waiting: str) -> None:
    assert run("reject", waiting, typed="n\n").exit_code == 1
    assert service.emitted("evidence.status_changed.v1") == []
    asked = run("reject", waiting, typed="y\n")
    assert (asked.exit_code, "The file is rejected." in asked.stdout) == (0, True)
    assert f"Reject work.pdf ({CENTRE}/{PAPER}/{SAMPLED[1]})?" in asked.stdout
    (changed,) = service.emitted("evidence.status_changed.v1")
    assert (changed.data["file_id"], changed.data["status"]) == (waiting, "rejected")
    with service.transaction() as session:
        last = rows_of(session, AuditRow)[-1]
        assert (last.action, last.by, last.before, last.after) == (
            "evidence.reject",
            OPERATOR,
            {"status": "waiting"},
            {"file": waiting, "status": "rejected"},
        )


def test_only_what_waits_is_given_up(service: ServiceUnderTest, waiting: str) -> None:
    with service.transaction() as session:
        others = [file.id for file in rows_of(session, EvidenceFile) if file.id != waiting]
    assert run("reject", waiting, "--yes").exit_code == 0
    for file_id in (waiting, *others, "unknown"):
        refused = run("reject", file_id, "--yes")
        assert refused.exit_code == 1
        assert "There is no such file" in str(refused.exception)
    assert len(service.emitted("evidence.status_changed.v1")) == 1
