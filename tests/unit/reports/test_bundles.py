"""All reports of a centre, asked for, watched while they are made, and fetched."""

import io
import threading
import zipfile
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from services.reports.app import DRAWING
from services.reports.commands import bundles
from services.reports.domain.report import Report
from services.reports.models import Bundle, BundlePart
from services.reports.queries.bundles import KEPT, TRIES, ForgottenError
from shared import clock
from shared.access.principal import Principal
from tests.support.service import (
    BOARD,
    ServiceUnderTest,
    admin_of,
    teacher_of,
    teacher_of_sets,
)
from tests.unit.reports.builders import CENTRE, entries, entry, paper
from tests.unit.reports.pdf import language_of, text_of, ua_faults

ASK = f"/api/reports/centres/{CENTRE}/bundles"
ADMIN = admin_of(CENTRE)
GOING_ON = threading.Event()


@pytest.fixture
def three(service: ServiceUnderTest) -> ServiceUnderTest:
    """Three papers, each of a candidate; that of the first is of a teaching set."""
    for number in (1, 2, 3):
        of_paper = {"paper_id": f"p{number}"}
        changed = paper(f"p{number}", code=f"9791/0{number}", full_title=f"PAPER {number}")
        service.deliver("paper.changed.v1", f"all/p{number}", changed)
        one = entry(f"000{number}", teaching_set="10A" if number == 1 else "10B")
        service.deliver("entries.changed.v1", f"{CENTRE}/p{number}", entries(one) | of_paper)
    return service


def ask(
    service: ServiceUnderTest, form: str = "zip", who: Principal = ADMIN, query: str = ""
) -> dict[str, Any]:
    answer = service.call("POST", ASK + query, who, json={"format": form})
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json or {})


def look(service: ServiceUnderTest, bundle_id: str, who: Principal = ADMIN) -> dict[str, Any]:
    return dict(service.call("GET", f"{ASK}/{bundle_id}", who).json or {})


def make(service: ServiceUnderTest, drawing: bundles.Drawing = DRAWING) -> bool:
    return bundles.make_next(drawing, service.database, GOING_ON)


def fetched(service: ServiceUnderTest, bundle_id: str, who: Principal = ADMIN) -> bytes:
    answer = service.call("GET", f"{ASK}/{bundle_id}/file", who)
    assert answer.status_code == 200, answer.text
    assert f'filename="candidate-details-{CENTRE}.' in answer.headers["Content-Disposition"]
    return bytes(answer.data)


@pytest.mark.usefixtures("translated")
def test_a_zip_is_asked_for_made_and_fetched(three: ServiceUnderTest) -> None:
    asked = ask(three, query="?lang=cy")
    assert (asked["state"], asked["done"], asked["total"]) == ("being_made", 0, 3)
    assert three.call("GET", f"{ASK}/{asked['id']}/file", ADMIN).status_code == 409
    assert make(three)
    assert not make(three), "there was one to be made"
    ready = look(three, asked["id"])
    assert (ready["state"], ready["done"], ready["total"]) == ("ready", 3, 3)
    with zipfile.ZipFile(io.BytesIO(fetched(three, asked["id"]))) as packed:
        assert packed.namelist() == [
            f"candidate-details-{CENTRE}-9791-0{number}-june-2031.pdf" for number in (1, 2, 3)
        ]
        documents = [packed.read(name) for name in packed.namelist()]
    assert [language_of(document) for document in documents] == ["cy"] * 3
    assert "SURNAME0003" in text_of(documents[2])[0]


def test_one_pdf_is_of_one_moment_and_accessible(three: ServiceUnderTest) -> None:
    asked = ask(three, "pdf")
    make(three)
    document = fetched(three, asked["id"])
    listed, *each = text_of(document)
    assert listed.index("PAPER 1") < listed.index("PAPER 3")
    assert ["SURNAME000" in page for page in each] == [True] * 3
    assert not ua_faults(document)


@pytest.mark.parametrize("form", ["pdf", "zip"])
def test_one_sees_how_far_it_is(three: ServiceUnderTest, form: str) -> None:
    asked = ask(three, form)
    seen: list[int] = []

    def one(report: Report) -> bytes:
        seen.append(look(three, asked["id"])["done"])
        return DRAWING.one(report)

    def everything(centre_no: str, reports: Any) -> bytes:
        seen.append(look(three, asked["id"])["done"])
        return DRAWING.all(centre_no, reports)

    make(three, bundles.Drawing(one, DRAWING.name, everything))
    assert seen == ([3] if form == "pdf" else [0, 1, 2])


def test_a_second_click_gets_the_one_that_is_being_made(three: ServiceUnderTest) -> None:
    first = ask(three)
    assert ask(three)["id"] == first["id"]
    assert ask(three, query="?lang=cy")["id"] != first["id"], "it was in another language"
    assert look(three, first["id"])["status"] == 404
    assert make(three)
    assert not make(three), "the one before is made no more"


def test_a_request_sent_again_with_its_key_gets_the_one_it_asked_for(
    three: ServiceUnderTest,
) -> None:
    send = partial(three.call, "POST", ASK, ADMIN, json={"format": "zip"})
    first = send(headers={"Idempotency-Key": "k1"})
    make(three)
    again = send(headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json


def test_one_that_is_ready_is_made_anew_in_its_place(three: ServiceUnderTest) -> None:
    first = ask(three)
    make(three)
    second = ask(three)
    assert second["id"] != first["id"]
    for path in (f"{ASK}/{first['id']}", f"{ASK}/{first['id']}/file"):
        assert three.call("GET", path, ADMIN).status_code == 404
    make(three)
    assert fetched(three, second["id"])


def test_one_that_is_being_fetched_comes_whole_though_it_is_replaced(
    three: ServiceUnderTest,
) -> None:
    asked = ask(three)
    make(three)
    begun = three.call("GET", f"{ASK}/{asked['id']}/file", ADMIN)
    assert ask(three)["id"] != asked["id"]
    make(three)
    with zipfile.ZipFile(io.BytesIO(begun.data)) as packed:
        documents = [packed.read(name) for name in packed.namelist()]
    assert [document[:4] for document in documents] == [b"%PDF"] * 3


def test_what_is_gone_while_it_is_fetched_is_no_empty_file(three: ServiceUnderTest) -> None:
    asked = ask(three)
    make(three)
    begun = three.call("GET", f"{ASK}/{asked['id']}/file", ADMIN)
    with three.transaction() as session:
        session.execute(delete(BundlePart))
    with pytest.raises(ForgottenError):
        begun.get_data()


@pytest.mark.parametrize("form", ["pdf", "zip"])
def test_a_centre_without_papers_gets_an_empty_one(service: ServiceUnderTest, form: str) -> None:
    asked = ask(service, form)
    make(service)
    assert look(service, asked["id"])["state"] == "ready"
    assert fetched(service, asked["id"])


def test_it_is_for_whoever_asked_and_for_what_they_may_see(three: ServiceUnderTest) -> None:
    nia = teacher_of_sets(CENTRE, "10A")
    asked = ask(three, who=nia)
    make(three)
    with zipfile.ZipFile(io.BytesIO(fetched(three, asked["id"], nia))) as packed:
        assert len(packed.namelist()) == 1
    of_other_sets = teacher_of_sets(CENTRE, "10B")
    assert of_other_sets.user_id == nia.user_id
    for who in (of_other_sets, ADMIN, teacher_of(CENTRE), BOARD):
        for path in (f"{ASK}/{asked['id']}", f"{ASK}/{asked['id']}/file"):
            assert three.call("GET", path, who).status_code == 404


def test_another_worker_goes_on_where_one_has_ended(three: ServiceUnderTest) -> None:
    asked = ask(three)
    stopped, drawn = threading.Event(), list[str]()

    def one(report: Report, then: threading.Event | None = None) -> bytes:
        drawn.append(report.paper.id)
        if then:
            then.set()
        return DRAWING.one(report)

    ends = bundles.Drawing(partial(one, then=stopped), DRAWING.name, DRAWING.all)
    assert bundles.make_next(ends, three.database, stopped)
    assert look(three, asked["id"])["done"] == 1
    assert make(three, bundles.Drawing(one, DRAWING.name, DRAWING.all))
    assert drawn == ["p1", "p2", "p3"]
    assert look(three, asked["id"])["state"] == "ready"


def test_what_a_worker_was_stopped_at_is_no_try(three: ServiceUnderTest) -> None:
    asked = ask(three, "pdf")
    stopped = threading.Event()
    stopped.set()
    for _each in range(TRIES + 1):
        assert bundles.make_next(DRAWING, three.database, stopped)
    assert look(three, asked["id"])["state"] == "being_made"
    assert make(three)
    assert look(three, asked["id"])["state"] == "ready"


def test_what_is_being_made_is_held_for_its_worker(three: ServiceUnderTest) -> None:
    ask(three)
    others: list[bool] = []

    def one(report: Report) -> bytes:
        others.append(make(three))
        return DRAWING.one(report)

    make(three, bundles.Drawing(one, DRAWING.name, DRAWING.all))
    assert others == [False] * 3


def test_one_that_cannot_be_made_is_given_up_soon(
    three: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_report: Report) -> bytes:
        message = "no paper in the press"
        raise OSError(message)

    asked = ask(three)
    for _each in range(TRIES):
        with pytest.raises(OSError, match="no paper in the press"):
            make(three, bundles.Drawing(broken, DRAWING.name, DRAWING.all))
        assert not make(three), "it was begun again at once"
        _later(monkeypatch, bundles.PAUSE)
    assert not make(three)
    assert look(three, asked["id"])["state"] == "failed"
    assert ask(three)["id"] != asked["id"]


def test_it_is_forgotten_after_an_hour(
    three: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(three)
    make(three)
    begun = three.call("GET", f"{ASK}/{asked['id']}/file", ADMIN)
    _later(monkeypatch, KEPT)
    assert not make(three)
    assert look(three, asked["id"])["status"] == 404
    with zipfile.ZipFile(io.BytesIO(begun.data)) as packed:
        assert all(packed.read(name) for name in packed.namelist())
    _later(monkeypatch, bundles.LINGERS)
    assert not make(three)
    with three.database.reading() as session:
        for table in (Bundle, BundlePart):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_one_that_is_not_made_within_an_hour_is_made_no_more(
    three: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ask(three)
    _later(monkeypatch, KEPT)
    assert not make(three)
    assert ask(three)["id"] != asked["id"]


def _later(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    """Have the clock be beyond the end of `span`."""
    then = clock.now() + span + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: then)
