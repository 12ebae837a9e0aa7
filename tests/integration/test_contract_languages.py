"""Languages, by the contract: `?lang`, then `Accept-Language`, and never a refusal for either."""

import pytest

from tests.integration.conftest import MakeSheet
from tests.support.api import Api
from tests.support.refusals import refused
from tests.support.sheet import Sheet

ASKED = [
    ("?lang=cy", {}),
    ("?lang=en", {}),
    ("?lang=xx", {}),
    ("?lang=", {}),
    ("", {"Accept-Language": "cy"}),
    ("", {"Accept-Language": "cy-GB,cy;q=0.9,en;q=0.5"}),
    ("", {"Accept-Language": "de"}),
    ("", {"Accept-Language": ";;q=x,"}),
    ("?lang=cy", {"Accept-Language": "en"}),
]


@pytest.fixture(scope="module")
def sheet(make_sheet: MakeSheet) -> Sheet:
    return make_sheet(1)


@pytest.mark.parametrize(("query", "headers"), ASKED, ids=str)
def test_any_language_may_be_asked_for(sheet: Sheet, query: str, headers: dict[str, str]) -> None:
    places = [
        f"/api/marks/centres/{sheet.centre_no}/papers",
        f"{sheet.path}/marksheet",
        f"{sheet.sampling}/sample",
        "/api/identity/me",
    ]
    for path in places:
        sheet.api.get(path + query, **headers).expect(200)
    saved = sheet.api.call("PUT", f"{sheet.path}/candidates/0001{query}", {"clear": True}, headers)
    saved.expect(200)
    bad = sheet.api.call("PUT", f"{sheet.path}/candidates/0001{query}", {"tasks": [101]}, headers)
    refused(bad, 422, "/tasks/0")
    refused(Api(sheet.api.base_url).get(places[0] + query, **headers), 401)


def test_what_a_program_reads_is_the_same_in_every_language(sheet: Sheet) -> None:
    def problem(language: str) -> dict[str, object]:
        path = f"{sheet.path}/candidates/0001?lang={language}"
        answer = refused(sheet.api.call("PUT", path, {"tasks": [101], "code": "A"}), 422)
        pointers = [error["pointer"] for error in answer["errors"]]
        return {"type": answer["type"], "status": answer["status"], "pointers": pointers}

    assert problem("cy") == problem("en")
    marksheets = [sheet.marksheet(lang=language) for language in ("cy", "en")]
    assert marksheets[0] == marksheets[1]


def test_a_refusal_is_in_the_language_asked_for(sheet: Sheet) -> None:
    """Needs the catalogues compiled, which `make test` and `make run` do first."""
    path = f"{sheet.path}/candidates/0001?lang=cy"
    answer = refused(sheet.api.call("PUT", path, {"tasks": [101]}), 422)
    assert answer["title"] == "Mae rhywbeth o'i le"
