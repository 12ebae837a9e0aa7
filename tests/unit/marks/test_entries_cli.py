"""`iamis import-entries`, as an operator types it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.marks import cli
from services.marks.models import Candidate
from shared.audit import OPERATOR, AuditRow
from shared.settings import settings
from tests.support.service import ServiceUnderTest, rows_of
from tests.unit.marks.builders import make_paper

HEADER = (
    "series,qualification,centre_no,paper_code,candidate_no,uci,surname,forenames,dob,"
    "teaching_set,action"
)
GOOD = "JUNE 2031,GCSE,68101,3700U1,{:04d},,O'Neill-Ŵyn,Siân,2015-03-29,10A,A"
BAD = "JUNE 2031,GCSE,68101,3700U1,{:04d},,O'Neill-Ŵyn,Siân,tomorrow,10A,A"


@pytest.fixture
def marks(marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServiceUnderTest]:
    """The service, its database the one the command works on."""
    url = marks.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IAMIS_DATABASE_URL_MARKS", url)
    settings.cache_clear()
    make_paper(marks)
    yield marks
    settings.cache_clear()


def run(*arguments: str, content: str = "") -> Result:
    return CliRunner().invoke(cli.import_entries, arguments, input=content)


def lines(template: str, count: int) -> str:
    return "\n".join([HEADER, *(template.format(number) for number in range(count)), ""])


def test_a_file_is_loaded_and_audited_as_operator(marks: ServiceUnderTest, tmp_path: Path) -> None:
    path = tmp_path / "entries.csv"
    path.write_text(lines(GOOD, 1200), encoding="utf-8")
    first, again = run(str(path)), run(str(path))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == "1200 added, 0 changed, 0 withdrawn, 0 unchanged.\n"
    assert again.stdout == "0 added, 0 changed, 0 withdrawn, 1200 unchanged.\n"
    with marks.transaction() as session:
        assert len(rows_of(session, Candidate)) == 1200
        assert [row.by_id for row in rows_of(session, AuditRow)] == [OPERATOR]


def test_files_of_one_name_are_all_loaded(marks: ServiceUnderTest, tmp_path: Path) -> None:
    paths = [tmp_path / folder / "entries.csv" for folder in ("A", "B")]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        path.write_text(f"{HEADER}\n{GOOD.format(number)}\n", encoding="utf-8")
    done = run(*map(str, paths))
    assert done.exit_code == 0, done.output
    said = ["entries.csv:", "1 added, 0 changed, 0 withdrawn, 0 unchanged."]
    assert done.stdout.splitlines() == said * 2
    with marks.transaction() as session:
        assert {one.candidate_no for one in rows_of(session, Candidate)} == {"0000", "0001"}


def test_standard_input_is_read_and_a_dry_run_stores_nothing(marks: ServiceUnderTest) -> None:
    result = run("--dry-run", "-", content=lines(GOOD, 2))
    assert result.exit_code == 0
    assert result.stdout.startswith("2 added, 0 changed, 0 withdrawn, 0 unchanged.\n")
    assert "dry run" in result.stdout
    with marks.transaction() as session:
        assert rows_of(session, Candidate) == []


def test_bad_lines_are_named_and_nothing_is_stored(
    marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "MOST_SHOWN", 2)
    result = run("-", content=lines(BAD, 5) + GOOD.format(9))
    assert result.exit_code == 1
    assert result.stdout == ""
    said = [line for line in result.stderr.splitlines() if line.startswith(("Line", "…", "Error"))]
    assert [line[:13] for line in said[:2]] == ["Line 2, dob: ", "Line 3, dob: "]
    assert said[2:] == [
        "… and 3 more.",
        "Error: 5 lines of the file are wrong. Nothing was stored.",
    ]
    with marks.transaction() as session:
        assert rows_of(session, Candidate) == []


@pytest.mark.usefixtures("marks")
def test_a_file_that_is_no_csv_is_refused() -> None:
    result = run("-", content="a,b\n")
    assert result.exit_code == 1
    assert "Line 1, series: This column is missing." in result.stderr
