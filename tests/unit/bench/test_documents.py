"""What is drawn for the benchmark is the same table, by each of the libraries."""

import pytest

from services.reports.render.pdf import details_as_pdf
from tests.bench import documents
from tests.unit.reports.pdf import text_of


@pytest.mark.parametrize("draw", [details_as_pdf, documents.by_reportlab])
def test_each_draws_every_candidate(draw: documents.Draw) -> None:
    whole = "".join(text_of(draw(documents.report_of(60))))
    assert all(f"{number:04}" in whole for number in range(60))
    assert whole.count("29/03/2015") == 60


def test_each_size_is_a_row_beside_each_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "SIZES", {3: 2})
    monkeypatch.setattr(documents, "OTHERS", {"ReportLab": documents.by_reportlab})
    (row,) = documents.measured()
    assert row.what == "PDF of a report of 3 candidates, beside ReportLab"
    assert row.verdict in {"holds", "missed"}
