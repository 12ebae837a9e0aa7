"""What everybody is answered by every route, as two systems can be compared by it."""

import io
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from werkzeug.test import TestResponse

from shared.web.routes import Route
from tests.support.service import token_for
from tests.unit.access.expectations import EXPECTED, key_of
from tests.unit.access.test_every_route import PART, ROUTES, doors
from tests.unit.access.twins import System, Twins
from tests.unit.access.world import OWN, PEOPLE

GIVEN = {"series": "JUNE 2031", "search": "Neill"}
OF_THE_MOMENT = {"X-Request-ID", "Date"}
ZIPS = ("application/zip", "application/vnd.openxmlformats")

Told = Mapping[str, frozenset[str]]
Ask = Callable[[Route, str, dict[str, str], str], object]


def who_is_told(pair: Twins, paper_id: str, only: Collection[str] = ()) -> Told:
    """By route, those whom the two systems do not answer alike; with `only`, of these routes."""
    found: dict[str, set[str]] = {}
    asked = [_asking(system) for system in (pair.silent, pair.decided)]
    for service, route in ROUTES:
        if only and f"{service} {key_of(route)}" not in only:
            continue
        path = route.path.replace("<centre_no>", OWN).replace("<paper_id>", paper_id)
        path = PART.sub("some-thing", path.replace("<candidate_no>", "0001"))
        for query in variants(route):
            for kind in PEOPLE:
                one, other = (ask[service](route, path, query, kind) for ask in asked)
                if one != other:
                    found.setdefault(f"{service} {key_of(route)}", set()).add(kind)
    return {key: frozenset(kinds) for key, kinds in found.items()}


def _asking(system: System) -> dict[str, Ask]:
    return {name: _asking_of(system, name) for name in EXPECTED}


def _asking_of(system: System, name: str) -> Ask:
    """What is read is asked for; of what changes something, only who would get in."""
    service = system.services[name]
    unlocked = doors(name, service.database).test_client()

    def ask(route: Route, path: str, query: dict[str, str], kind: str) -> object:
        if route.method == "GET":
            return comparable(service.call("GET", path, PEOPLE[kind], query_string=query))
        headers = {"Authorization": f"Bearer {token_for(PEOPLE[kind])}"}
        return unlocked.open(path, method=route.method, headers=headers).status_code

    return ask


def variants(route: Route) -> Iterator[dict[str, str]]:
    """Nothing said, and each other choice of each parameter."""
    fields = route.query.model_fields if route.query else {}
    given = {name: GIVEN[name] for name in fields if name in GIVEN}
    yield given
    for name, field in fields.items():
        for choice in _choices(field.annotation):
            if choice != field.default:
                yield given | {name: str(choice)}


def _choices(annotation: Any) -> list[Any]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [one for part in get_args(annotation) for one in _choices(part)]


def comparable(answer: TestResponse) -> object:
    """Status, headers (caches and lengths too) and body, but for what every answer has anew."""
    headers = {name: value for name, value in answer.headers if name not in OF_THE_MOMENT}
    body = answer.data.replace(answer.headers["X-Request-ID"].encode(), b"")
    if answer.content_type.startswith(ZIPS):
        headers.pop("Content-Length", None)
        return answer.status_code, headers, _packed(body)
    return answer.status_code, headers, body


def _packed(body: bytes) -> dict[str, bytes]:
    """The files in it, without the times of their making."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if name != "docProps/core.xml"
        }
