"""All reports of a centre in one PDF and in one ZIP."""

import io
import zipfile

import pytest
from sqlalchemy import event

from services.reports.api.bundle import PDF_PLACE
from shared.access.principal import Principal
from tests.support.service import ServiceUnderTest, admin_of, teacher_of_sets
from tests.unit.reports.builders import (
    CENTRE,
    Data,
    enter,
    entries,
    entry,
    mark,
    paper,
    submission,
    submit,
)
from tests.unit.reports.pdf import language_of, tags_of, text_of, ua_faults

BUNDLE = f"/api/reports/centres/{CENTRE}/candidate-details"


@pytest.fixture
def two(service: ServiceUnderTest) -> ServiceUnderTest:
    """Two papers: one candidate of the first is of a set, the other paper is a year older."""
    enter(service, entry("0001", teaching_set="10A"), entry("0002"))
    submit(service, mark("0001", 1, 2), mark("0002", 3, 4))
    older: Data = {"month": "JUNE", "year": 2030}
    changed = paper("b", code="9791/01", full_title="OLDER (9791/01)", series=older)
    service.deliver("paper.changed.v1", "all/b", changed)
    of_b = {"paper_id": "b"}
    service.deliver("entries.changed.v1", f"{CENTRE}/b", entries(entry("0009")) | of_b)
    service.deliver("marks.submitted.v1", f"{CENTRE}/b", submission(mark("0009", 5, 6)) | of_b)
    return service


def bundle(
    service: ServiceUnderTest, form: str, language: str = "en", who: Principal | None = None
) -> bytes:
    query = f"?format={form}&lang={language}"
    answer = service.call("GET", BUNDLE + query, who or admin_of(CENTRE))
    assert answer.status_code == 200, answer.text
    named = f'attachment; filename="candidate-details-{CENTRE}.{form}"'
    assert answer.headers["Content-Disposition"] == named
    return bytes(answer.data)


def test_one_pdf_has_a_list_and_each_report_on_a_page_of_its_own(two: ServiceUnderTest) -> None:
    document = bundle(two, "pdf")
    listed, first, second = text_of(document)
    assert listed.index("ORACY (3700U1)") < listed.index("OLDER (9791/01)")
    assert "SURNAME0002 : Siân" in first
    assert "SURNAME0009 : Siân" in second
    assert "Page 3 / 3" in second
    assert not ua_faults(document)
    tags = tags_of(document)
    assert (tags.count("/Table"), tags.count("/TR")) == (2, 5)


@pytest.mark.usefixtures("translated")
def test_one_zip_has_a_pdf_for_each_paper_in_the_readers_language(two: ServiceUnderTest) -> None:
    with zipfile.ZipFile(io.BytesIO(bundle(two, "zip", "cy"))) as packed:
        assert packed.namelist() == [
            f"candidate-details-{CENTRE}-3700u1-june-2031.pdf",
            f"candidate-details-{CENTRE}-9791-01-june-2030.pdf",
        ]
        documents = [packed.read(name) for name in packed.namelist()]
    assert [language_of(document) for document in documents] == ["cy", "cy"]
    assert "SURNAME0009" in text_of(documents[1])[0]


@pytest.mark.parametrize("form", ["pdf", "zip"])
def test_who_has_some_teaching_sets_gets_their_candidates(two: ServiceUnderTest, form: str) -> None:
    got = bundle(two, form, who=teacher_of_sets(CENTRE, "10A"))
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(got)) as packed:
            (name,) = packed.namelist()
            got = packed.read(name)
    whole = "".join(text_of(got))
    assert "SURNAME0001" in whole
    assert "SURNAME0002" not in whole
    assert "SURNAME0009" not in whole


def test_without_a_paper_there_is_an_empty_bundle(service: ServiceUnderTest) -> None:
    assert zipfile.ZipFile(io.BytesIO(bundle(service, "zip"))).namelist() == []
    assert len(text_of(bundle(service, "pdf"))) == 1


@pytest.mark.parametrize("form", ["pdf", "zip"])
def test_it_takes_one_connection_at_a_time(two: ServiceUnderTest, form: str) -> None:
    engine, held = two.database.engine, list[int]()

    def note(*_checkout: object) -> None:
        held.append(engine.pool.checkedout())  # type: ignore[attr-defined]  # a QueuePool

    event.listen(engine, "checkout", note)
    bundle(two, form)
    assert max(held) == 1


def test_one_pdf_is_made_at_a_time(two: ServiceUnderTest) -> None:
    with PDF_PLACE:
        answer = two.call("GET", BUNDLE, admin_of(CENTRE))
        assert bundle(two, "zip")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (answer.json or {})["type"] == "urn:iamis:problem:reports-full"
    assert bundle(two, "pdf")
