"""Entries and marks in EDI files, over HTTP and as an operator types it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from services.marks import cli
from services.marks.domain.edi import write_records
from services.marks.domain.edi_layout import Layout
from services.marks.domain.marking import Mark
from services.marks.models import Candidate
from shared.settings import settings
from tests.support.service import BOARD, ServiceUnderTest, admin_of, rows_of
from tests.unit.marks.builders import CENTRE, get, make_paper, make_sheet
from tests.unit.marks.mark_files import export
from tests.unit.marks.sheets import ADMIN
from tests.unit.marks.test_edi import ENTRY, EXAMPLE, HEADER, LAYOUT

IMPORTS = "/api/marks/imports/entries"
TEXT = {"Content-Type": "application/EDI-consent"}
MARKS_HEADER = HEADER | {"qualification": "GCSE", "paper_code": "3700U1"}


def entries(*lines: dict[str, str]) -> bytes:
    return write_records(LAYOUT, "E", HEADER, [ENTRY | line for line in lines])


def load(marks: ServiceUnderTest, raw: bytes, query: str = "") -> Any:
    return marks.call("POST", IMPORTS + query, BOARD, data=raw, headers=TEXT)


def bring(marks: ServiceUnderTest, paper_id: str, *lines: dict[str, str]) -> Any:
    raw = write_records(LAYOUT, "M", MARKS_HEADER, lines)
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/imports/marks"
    return marks.call("POST", path, admin_of(CENTRE), data=raw, headers=TEXT)


def test_entries_are_loaded(marks: ServiceUnderTest) -> None:
    make_paper(marks)
    raw = entries({}, {"candidate_no": "0013", "surname": "AB"})
    counts = {"added": 2, "changed": 0, "withdrawn": 0, "unchanged": 0}
    assert load(marks, raw, "?file_name=e68101wj.x01").json == counts
    counts = {"added": 0, "changed": 0, "withdrawn": 1, "unchanged": 0}
    assert load(marks, entries({"action": "W"}), named("02")).json == counts
    with marks.transaction() as session:
        kept = {one.candidate_no: one.surname for one in rows_of(session, Candidate)}
    assert kept == {"0012": "O'NEILL-ŴYN", "0013": "AB"}


def test_every_bad_line_is_named_and_nothing_is_stored(marks: ServiceUnderTest) -> None:
    make_paper(marks)
    raw = entries({}, {"paper_code": "9999"}, {"candidate_no": "1"}, {})
    answer = load(marks, raw, "?file_name=E68202WJ.X01")
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert pointers == [
        "/lines/1/centre_no",
        "/lines/3/paper_code",
        "/lines/4/candidate_no",
        "/lines/5/candidate_no",
    ]
    with marks.transaction() as session:
        assert rows_of(session, Candidate) == []


def test_marks_are_brought(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks, linear=True)
    make_sheet(marks, paper_id, "0012", "0013")
    lines = [
        {"candidate_no": "0012", "task_1": "15", "task_2": "0", "teacher_initials": "AB"},
        {"candidate_no": "0013", "code": "CF"},
    ]
    answer = bring(marks, paper_id, *lines)
    assert answer.status_code == 200
    assert len(answer.json["changes"]) == 2
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/marksheet"
    shown = get(marks, path, admin_of(CENTRE))["candidates"]
    assert shown[0]["tasks"] == [15, 0]
    assert [one["code"] for one in shown] == [None, "CF"]


def test_a_marksheet_taken_home_comes_back_as_it_was(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks, linear=True, initials_required=True)
    make_sheet(marks, paper_id, "0012", mark=Mark(tasks=(15, 0), initials="AB"))
    make_sheet(marks, paper_id, "0013", mark=Mark(tasks=(None, None), code="CF"))
    make_sheet(marks, paper_id, "0014")
    answer = export(marks, paper_id, "edi")
    disposition = 'attachment; filename="M68101WJ.X01"'
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.text.splitlines()[1] == "M5001200150000" + " " * 52 + "AB"
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/imports/marks"
    same = marks.call("POST", path, admin_of(CENTRE), data=answer.data, headers=TEXT)
    assert (same.status_code, same.json and same.json["changes"]) == (200, [])
    fresh = make_paper(marks, linear=True, initials_required=True, series_year=2032)
    make_sheet(marks, fresh, "0012", "0013", "0014")
    moved = answer.data.replace(b"062031", b"062032")
    loaded = marks.call("POST", path.replace(paper_id, fresh), ADMIN, data=moved, headers=TEXT)
    assert (loaded.status_code, loaded.json and len(loaded.json["changes"])) == (200, 2)


def test_marks_that_the_layout_has_no_room_for_are_not_cut(marks: ServiceUnderTest) -> None:
    tasks = [{"name": f"Task {number}", "max": 9} for number in range(1, 8)]
    paper_id = make_paper(marks, tasks=tasks)
    make_sheet(marks, paper_id, "0012", mark=Mark(tasks=(1,) * 7))
    answer = export(marks, paper_id, "edi")
    assert (answer.status_code, "task_7" in answer.text) == (409, True)


def test_a_task_the_paper_does_not_have_is_refused(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    make_sheet(marks, paper_id, "0012")
    answer = bring(marks, paper_id, {"candidate_no": "0012", "task_3": "15"})
    assert answer.status_code == 422
    assert "task_3" in answer.text


NUMBERED = [
    ("the first", ["01"], []),
    ("one after the other", ["01", "02"], []),
    ("others left out", ["01", "04"], ["Before E68101WJ.X04 these were not loaded: X02, X03."]),
    ("one before the first", ["02"], ["Before E68101WJ.X02 these were not loaded: X01."]),
]


@pytest.mark.parametrize(
    ("loaded", "said"), [case[1:] for case in NUMBERED], ids=[case[0] for case in NUMBERED]
)
def test_a_file_comes_in_sequence(
    marks: ServiceUnderTest, loaded: list[str], said: list[str]
) -> None:
    make_paper(marks)
    answers = [load(marks, entries({}), named(number)) for number in loaded]
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json.get("warnings", []) == said


def named(number: str) -> str:
    return f"?file_name=E68101WJ.X{number}"


@pytest.mark.parametrize("number", ["02", "01"], ids=["the same again", "after a later one"])
def test_a_file_that_comes_too_late_is_told_and_refused(
    marks: ServiceUnderTest, number: str
) -> None:
    make_paper(marks)
    load(marks, entries({}), named("02"))
    late = entries({"candidate_no": "0013"})
    looked = load(marks, late, named(number) + "&dry_run=true")
    assert (looked.json["added"], "X02" in looked.json["warnings"][0]) == (1, True)
    refused = load(marks, late, named(number))
    assert (refused.status_code, refused.json["type"]) == (409, "urn:iamis:problem:edi-sequence")
    assert refused.json["errors"][0]["pointer"] == "/file_name"
    with marks.transaction() as session:
        assert [one.candidate_no for one in rows_of(session, Candidate)] == ["0012"]
    assert load(marks, late, named(number) + "&any_sequence=true").json["added"] == 1
    # It is the last one now: the next after it is the next.
    assert "warnings" not in load(marks, entries({}), named(f"0{int(number) + 1}")).json


@pytest.mark.parametrize("query", ["", "?file_name=entries.txt"])
def test_a_file_whose_name_tells_no_place_is_told_and_refused(
    marks: ServiceUnderTest, query: str
) -> None:
    make_paper(marks)
    more = query + ("&" if query else "?")
    looked = load(marks, entries({}), f"{more}dry_run=true")
    assert (looked.json["added"], "X01" in looked.json["warnings"][0]) == (1, True)
    refused = load(marks, entries({}), query)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/file_name")
    with marks.transaction() as session:
        assert rows_of(session, Candidate) == []
    assert load(marks, entries({}), f"{more}any_sequence=true").json["added"] == 1


def test_a_file_of_several_series_counts_in_each(marks: ServiceUnderTest, home: Path) -> None:
    """The board's own layout has the series in each line."""
    own = json.loads(EXAMPLE)
    header, line, _trailer = own["files"]["E"]["records"]
    header["fields"].pop()
    line["fields"].append({"name": "series", "at": 169, "length": 6, "format": "series"})
    (home / "edi-layout.json").write_text(json.dumps(own), encoding="utf-8")
    layout = Layout.parse(json.dumps(own).encode())
    for year in (2031, 2032):
        make_paper(marks, series_year=year)

    def of(*years: int) -> bytes:
        lines = [ENTRY | {"series": f"JUNE {year}"} for year in years]
        return write_records(layout, "E", {"centre_no": "68101"}, lines)

    assert load(marks, of(2031, 2032), named("01")).json["added"] == 2
    for years in ((2031, 2032), (2031,), (2032,)):
        assert load(marks, of(*years), named("01")).status_code == 409
    assert load(marks, of(2032), named("02")).json["unchanged"] == 1
    late = load(marks, of(2031, 2032), named("02"))
    assert (late.status_code, late.json["type"]) == (409, "urn:iamis:problem:edi-sequence")
    assert load(marks, of(2031), named("02")).status_code == 200


def test_a_bad_file_takes_no_place_in_the_sequence(marks: ServiceUnderTest) -> None:
    make_paper(marks)
    assert load(marks, entries({"candidate_no": "1"}), named("01")).status_code == 422
    assert load(marks, entries({}), named("01")).status_code == 200


def test_entries_do_not_belong_among_marks(marks: ServiceUnderTest) -> None:
    paper_id = make_paper(marks)
    make_sheet(marks, paper_id, "0012")
    path = f"/api/marks/centres/{CENTRE}/papers/{paper_id}/imports/marks"
    answer = marks.call("POST", path, admin_of(CENTRE), data=entries({}), headers=TEXT)
    assert answer.status_code == 422
    assert "another kind" in answer.text


@pytest.fixture
def home(
    marks: ServiceUnderTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A home whose layout is for the board to replace; operators work on the same database."""
    url = marks.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IAMIS_DATABASE_URL_MARKS", url)
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_board_puts_its_own_layout_in_the_place(marks: ServiceUnderTest, home: Path) -> None:
    make_paper(marks)
    (home / "edi-layout.json").write_text(EXAMPLE.replace('"E1"', '"Q1"'), encoding="utf-8")
    assert load(marks, entries({})).status_code == 422
    assert load(marks, entries({}).replace(b"E1", b"Q1", 1), named("01")).json["added"] == 1
    (home / "edi-layout.json").write_text("{", encoding="utf-8")
    assert load(marks, entries({})).status_code == 503
    assert load(marks, b"series,candidate_no\n").status_code == 422


def test_an_operator_loads_several_in_sequence(marks: ServiceUnderTest, home: Path) -> None:
    make_paper(marks)
    later, first = home / "e68101wj.x10", home / "E68101WJ.X09"
    later.write_bytes(entries({"action": "W"}))
    first.write_bytes(entries({}))
    done = CliRunner().invoke(cli.import_entries, [str(later), str(first)])
    assert done.exit_code == 0, done.output
    assert "these were not loaded: X01, X02" in done.stderr
    assert done.stdout.splitlines() == [
        "E68101WJ.X09:",
        "1 added, 0 changed, 0 withdrawn, 0 unchanged.",
        "e68101wj.x10:",
        "0 added, 0 changed, 1 withdrawn, 0 unchanged.",
    ]
    again = CliRunner().invoke(cli.import_entries, [str(first)])
    assert (again.exit_code, "was loaded before" in again.stderr) == (1, True)
    anyway = CliRunner().invoke(cli.import_entries, [str(first), "--any-sequence"])
    assert anyway.exit_code == 0, anyway.output
