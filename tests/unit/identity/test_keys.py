"""The first signing key, its file and its event."""

import json
from pathlib import Path

from services.identity.app import SERVICE
from services.identity.commands import keys
from services.identity.models import PrivateKey
from shared.access.models import SigningKey
from shared.migrate import chain_of, differences
from tests.support.service import rows_of
from tests.unit.identity.people import Portal


def test_preparing_makes_one_key_and_tells_everyone(portal: Portal, home: Path) -> None:
    keys.prepare(portal.service.database)
    with portal.service.database.reading() as session:
        (private,) = rows_of(session, PrivateKey)
        public = {key.kid: key.jwk for key in rows_of(session, SigningKey)}
    (event,) = portal.service.emitted("signing_keys.changed.v1")
    assert event.data["keys"] == [public[key["kid"]] for key in event.data["keys"]]
    written = json.loads((home / "run" / "jwks.json").read_text())
    assert {key["kid"] for key in written["keys"]} == set(public)
    assert private.kid in public
    assert set(public[private.kid]) == {"kty", "crv", "x", "kid", "alg", "use"}
    assert list((home / "run").iterdir()) == [home / "run" / "jwks.json"]


def test_a_lost_file_is_written_again(portal: Portal, home: Path) -> None:
    file = home / "run" / "jwks.json"
    before = file.read_text()
    file.unlink()
    keys.prepare(portal.service.database)
    assert file.read_text() == before


def test_the_published_keys_hold_nothing_private(portal: Portal) -> None:
    keys = (portal.call("GET", "/.well-known/jwks.json").json or {})["keys"]
    assert keys
    assert not any("d" in key for key in keys)


def test_the_models_are_what_the_migrations_make(portal: Portal) -> None:
    assert differences(portal.service.database.engine, chain_of(SERVICE)) == []


def test_the_document_tells_of_every_route(portal: Portal) -> None:
    document = portal.call("GET", "/openapi.json").json or {}
    told = {
        (method.upper(), path) for path in document["paths"] for method in document["paths"][path]
    }
    assert len(told) == len(SERVICE.routes.table)
    sign_out = document["paths"]["/api/identity/sign-out"]["post"]
    assert sign_out["requestBody"]["required"] is False
