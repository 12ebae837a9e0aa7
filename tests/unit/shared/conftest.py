"""A small service of its own, to test the platform with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import request
from pydantic import BaseModel, ConfigDict
from sqlalchemy import MetaData

from shared.access.rules import ANYONE, BOARD, SIGNED_IN, SheetRules
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.service import Service
from shared.web.routes import Call, Json, Reply, Routes
from tests.support.databases import Template
from tests.support.service import ServiceUnderTest, migrated_database

ROUTES = Routes("sample")
SHEETS = SheetRules(lambda _session, _relation, _centre_no, paper_id: paper_id != "unseen")
SHEET = "/centres/<centre_no>/papers/<paper_id>"


class Body(BaseModel):
    model_config = ConfigDict(strict=True)

    version: int


class Query(BaseModel):
    page: int = 1


@ROUTES.get("/open", access=ANYONE, query=Query, returns=Json)
def look(_call: Call, query: Query) -> Json:
    """Anyone may look."""
    return {"page": query.page}


@ROUTES.get("/own", access=SIGNED_IN)
def own(call: Call) -> Json:
    return {"user_id": call.principal.user_id}


@ROUTES.post("/changes", access=BOARD, body=Body, status=201)
def change(call: Call, body: Body) -> Json:
    event = emit(
        call.session,
        "user.access_changed.v1",
        "users/u1",
        {"user_id": "u1", "access_version": body.version},
    )
    if body.version == 13:
        raise ConflictError("not thirteen")
    return {"id": event.id}


@ROUTES.post("/streams", access=BOARD, streams=True, status=201)
def stream(call: Call) -> Json:
    with call.database.transaction() as session:
        event = emit(
            session,
            "user.access_changed.v1",
            "users/u1",
            {"user_id": "u1", "access_version": len(request.get_data())},
        )
    return {"id": event.id}


@ROUTES.put(SHEET, access=SHEETS.allow("centre"), body=Body)
def save(_call: Call, body: Body, centre_no: str, paper_id: str) -> Json:
    return {"centre_no": centre_no, "paper_id": paper_id, "version": body.version}


@ROUTES.post("/files", access=SIGNED_IN, raw="text/csv")
def take(_call: Call, raw: bytes) -> Reply:
    return Reply(raw, content_type="text/csv")


@ROUTES.get("/broken", access=ANYONE)
def broken(_call: Call) -> Json:
    message = "secret of the driver"
    raise RuntimeError(message)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Service:
    folder = tmp_path_factory.mktemp("sample")
    (folder / "migrations").mkdir()
    return Service(name="sample", folder=folder, metadata=MetaData(), routes=ROUTES)


@pytest.fixture(scope="session")
def template(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(service, tmp_path_factory.mktemp("template"))


@pytest.fixture
def under_test(service: Service, template: Template, tmp_path: Path) -> Iterator[ServiceUnderTest]:
    found = ServiceUnderTest(service, template, tmp_path)
    yield found
    found.close()
