"""An import that loses a race in the database is done again from its beginning."""

import pytest

from services.marks.api import entries as entries_api
from services.marks.api import mark_files
from services.marks.commands.entries import import_entries
from services.marks.commands.mark_import import import_marks
from services.marks.models import Candidate
from tests.support.races import losing_once
from tests.support.service import BOARD, ServiceUnderTest, rows_of
from tests.unit.marks.builders import make_paper, make_sheet
from tests.unit.marks.mark_files import as_csv, send
from tests.unit.marks.sheets import history
from tests.unit.marks.test_edi_files import TEXT, entries


def test_entries(marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries_api, "import_entries", losing_once(import_entries))
    make_paper(marks)
    path = "/api/marks/imports/entries?file_name=E68101WJ.X01"
    answer = marks.call("POST", path, BOARD, data=entries({}), headers=TEXT)
    assert answer.json == {"added": 1, "changed": 0, "withdrawn": 0, "unchanged": 0}
    with marks.transaction() as session:
        assert len(rows_of(session, Candidate)) == 1
    assert len(marks.emitted("entries.changed.v1")) == 1


def test_marks(marks: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark_files, "import_marks", losing_once(import_marks))
    paper = make_paper(marks)
    make_sheet(marks, paper, "0001")
    answer = send(marks, paper, as_csv({"candidate_no": "0001", "task_1": 1, "task_2": 2}))
    assert (answer.status_code, len(answer.json["changes"])) == (200, 1)
    assert len(history(marks, paper, "0001")) == 1
