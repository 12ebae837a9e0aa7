"""What the example tool makes of events: the newest sample of each sheet, whatever their order."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
PATH = ROOT / "docs" / "examples" / "samples_to_csv.py"
SHEET = "68101/p1"


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("samples_to_csv", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def event(sequence: int, *numbers: str, kind: str = "sample.extended") -> dict[str, Any]:
    candidates = [
        {"candidate_no": number, "chosen_by": "system", "reason": "top, ŵ", "at": "2031"}
        for number in numbers
    ]
    data = {"centre_no": "68101", "paper_id": "p1", "candidates": candidates}
    kind = f"iamis.{kind}.v1"
    return {"type": kind, "subject": SHEET, "sequence": sequence, "data": data}


def numbers(spreadsheet: Any) -> list[str]:
    return [row["candidate_no"] for row in spreadsheet.rows.get(SHEET, [])]


def test_the_newest_sample_stands(tool: Any) -> None:
    spreadsheet = tool.Spreadsheet()
    taken = [spreadsheet.take(event(*one)) for one in ((2, "0001", "0002"), (1, "0001"), (2,))]
    assert taken == [True, False, False]
    assert numbers(spreadsheet) == ["0001", "0002"]
    assert spreadsheet.take(event(9, kind="submission.reopened"))
    assert numbers(spreadsheet) == []
    assert not spreadsheet.take(event(9, kind="marks.submitted"))


def test_it_goes_on_where_it_was(tool: Any, tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    spreadsheet = tool.Spreadsheet.read(path)
    spreadsheet.take(event(1, "0001"))
    spreadsheet.last_id = "7"
    spreadsheet.write(path)
    again = tool.Spreadsheet.read(path)
    assert (again, numbers(again)) == (spreadsheet, ["0001"])
    head, row = path.read_text("utf-8-sig").splitlines()
    assert head == "centre_no,paper_id,candidate_no,chosen_by,reason,due,at"
    assert row == '68101,p1,0001,system,"top, ŵ",,2031'
