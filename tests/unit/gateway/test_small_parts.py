"""The parts that need no service: the table, cookies, dates, one file as multipart."""

import io
from datetime import timedelta

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import parse_form_data
from werkzeug.test import EnvironBuilder

from services.gateway import service_paths
from services.gateway.calls import Answer
from services.gateway.commands import LEASE
from services.gateway.copies import TRIED
from services.gateway.formats import as_name, short_date, short_time
from services.gateway.multipart import multipart
from services.gateway.remembered import Remembered
from services.gateway.sessions import key_of
from services.gateway.table import (
    CSV_LIMIT,
    ENVELOPE,
    FILE_LIMIT,
    MIB,
    MULTIPART,
    TABLE,
    upstream_of,
)
from services.gateway.upstream import CONNECT_SECONDS
from services.identity.commands.sessions import GRACE
from services.reports.commands.report_files import SCAN_SECONDS
from shared.errors import ConflictError, UnavailableError
from shared.sizes import file_size

JSON_TYPE = "application/json"
REPORT_FILE = "/api/reports/centres/68101/papers/p/moderator-report/files"


@pytest.mark.parametrize(
    ("path", "prefix"),
    [
        ("/api/marks/papers", "/api/marks/"),
        ("/api/marks/imports/entries", "/api/marks/imports/"),
        ("/api/marks/importsx", "/api/marks/"),
        ("/api/uploads/x", "/api/uploads/"),
        ("/api/marksx/y", None),
        ("/api/marks", None),
        ("/", None),
    ],
)
def test_the_longest_prefix_wins(path: str, prefix: str | None) -> None:
    found = upstream_of(path)
    assert (found.prefix if found else None) == prefix


def test_limits_are_those_of_the_contract() -> None:
    limits = {line.prefix: line.limit_bytes(line.prefix, JSON_TYPE, 1000) for line in TABLE}
    assert limits["/api/marks/imports/"] == CSV_LIMIT
    assert limits["/api/uploads/"] == 1000 + ENVELOPE
    assert limits["/api/reports/"] == MIB
    assert [line.service for line in TABLE if line.limit == FILE_LIMIT] == ["uploads"]


@pytest.mark.parametrize(
    ("path", "media_type", "limit"),
    [
        (REPORT_FILE, MULTIPART, 20 * MIB + ENVELOPE),
        (REPORT_FILE, JSON_TYPE, MIB),
        (REPORT_FILE, "", MIB),
        (f"{REPORT_FILE}/f1", MULTIPART, MIB),
        ("/api/reports/centres/68101/papers/p/moderator-report", MULTIPART, MIB),
        ("/api/sampling/centres/68101/papers/p/moderator-report/files", MULTIPART, MIB),
    ],
)
def test_only_a_file_with_a_report_is_larger(path: str, media_type: str, limit: int) -> None:
    line = upstream_of(path)
    assert line is not None
    assert line.limit_bytes(path, media_type, 1000) == limit


def test_a_scanner_gives_up_before_the_gateway_does() -> None:
    waits = {line.prefix: line.read_seconds for line in TABLE}
    assert waits["/api/reports/"] > SCAN_SECONDS


def test_a_cookie_is_known_by_its_hash() -> None:
    assert key_of("cookie") not in {"cookie", key_of("cookie2")}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2031-05-31", "31/05/2031"),
        ("2031-06-30T23:30:00Z", "01/07/2031"),
        ("2031-08-20T08:00:00+01:00", "20/08/2031"),
    ],
)
def test_dates_are_written_as_in_the_guide(given: str, shown: str) -> None:
    assert short_date(given) == shown


def test_times_are_those_of_london() -> None:
    assert short_time("2031-06-30T23:30:00Z") == "01/07/2031\N{NO-BREAK SPACE}00:30"


def test_no_line_begins_with_the_colon_of_a_name() -> None:
    assert as_name("PRYS-OWEN : LOWRI") == "PRYS-OWEN\N{NO-BREAK SPACE}: LOWRI"


def test_a_file_arrives_as_it_was_given() -> None:
    content = bytes(range(256)) * 1000
    file = FileStorage(io.BytesIO(content), 'Gwaith "Ŵyn".pdf', content_type="application/pdf")
    body = b"".join(multipart(file, "limit"))
    environ = EnvironBuilder(
        method="POST",
        input_stream=io.BytesIO(body),
        content_type="multipart/form-data; boundary=limit",
    ).get_environ()
    _stream, _form, files = parse_form_data(environ)
    with files["file"].stream as arrived:
        assert arrived.read() == content
    assert files["file"].filename == 'Gwaith "Ŵyn".pdf'
    assert files["file"].content_type == "application/pdf"


def test_an_answer_becomes_the_error_it_tells_of() -> None:
    body = {
        "type": "urn:iamis:problem:conflict",
        "detail": "no",
        "errors": [{"pointer": "/a", "detail": "b"}],
        "current": {"version": 2},
    }
    error = Answer(409, body).problem()
    assert isinstance(error, ConflictError)
    assert (error.type, error.detail) == ("urn:iamis:problem:conflict", "no")
    assert error.extra == {"current": {"version": 2}}
    assert Answer(409, body).errors == {"/a": "b"}
    assert isinstance(Answer(502, {}).problem(), UnavailableError)


def test_what_is_remembered_is_asked_for_again_when_it_is_old() -> None:
    asked: list[int] = []

    def find() -> tuple[int, float]:
        asked.append(1)
        return len(asked), 0.0 if len(asked) == 1 else 1000.0

    remembered = Remembered(find)
    assert [remembered.get() for _ in range(3)] == [1, 2, 2]


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_960, "10 kB"),
        (615_432, "615 kB"),
        (999_499, "999 kB"),
        (999_600, "1.0 MB"),
        (50 * 1024 * 1024, "52 MB"),
        (2_000_000_000, "2.0 GB"),
        (5_000_000_000_000, "5000 GB"),
    ],
)
def test_sizes_are_written_in_the_unit_that_reads_best(size: int, shown: str) -> None:
    assert file_size(size) == shown


def test_a_refresh_whose_answer_was_lost_is_repeated_within_the_grace() -> None:
    """Services import no other service; this test looks at both."""
    upstream = upstream_of(service_paths.refresh())
    assert upstream is not None
    given_up = timedelta(seconds=CONNECT_SECONDS * TRIED + upstream.read_seconds)
    assert given_up < LEASE < GRACE <= timedelta(seconds=30)
