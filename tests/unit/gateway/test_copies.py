"""Several copies of a service behind one name: each gets its share, a dead one is passed over."""

from collections import Counter
from collections.abc import Iterator
from socket import gaierror
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from services.gateway.copies import GOOD_SECONDS, TRIED, Copies, look_up
from services.gateway.table import Upstream
from services.gateway.upstream import Upstreams
from shared.errors import UnavailableError
from tests.unit.gateway.conftest import Point

MARKS = Upstream("/api/marks/", "marks", limit=1000)
# All of these are this machine; a port that is taken on one of them is free on the others.
ADDRESSES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by its base
        """Say nothing."""


class SeveralCopies:
    """Copies of one service at one port of several addresses; each answers with its address."""

    def __init__(self) -> None:
        self.known = list(ADDRESSES)
        self.servers: dict[str, WSGIServer] = {}
        self.port = 0
        for address in ADDRESSES:
            self.start(address)

    def start(self, address: str) -> None:
        def app(environ: dict[str, str], start_response: object) -> list[bytes]:
            start_response("200 OK", [("X-Host", environ["HTTP_HOST"])])  # type: ignore[operator]
            return [address.encode()]

        server = make_server(address, self.port, app, handler_class=Quiet)
        self.port = server.server_port
        self.servers[address] = server
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self, address: str) -> None:
        server = self.servers.pop(address)
        server.shutdown()
        server.server_close()

    def look_up(self, host: str, _port: int) -> list[str]:
        assert host == "marks.example"
        if not self.known:
            raise gaierror
        return self.known


@pytest.fixture
def several(request: pytest.FixtureRequest, point_at: Point) -> Iterator[SeveralCopies]:
    request.getfixturevalue("socket_enabled")
    copies = SeveralCopies()
    point_at(f"http://marks.example:{copies.port}")
    yield copies
    for address in list(copies.servers):
        copies.stop(address)


@pytest.fixture
def upstreams(several: SeveralCopies) -> Upstreams:
    return Upstreams(Copies(several.look_up))


def ask(upstreams: Upstreams, method: str, times: int) -> Counter[str]:
    """How many of `times` requests each address has answered."""
    answered: Counter[str] = Counter()
    for _each in range(times):
        answer = upstreams.exchange(MARKS, method, "/api/marks/x", {}, b"{}")
        answered[answer.data.decode()] += 1
    return answered


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_copy_gets_its_share(upstreams: Upstreams, method: str) -> None:
    assert ask(upstreams, method, 9) == dict.fromkeys(ADDRESSES, 3)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_a_copy_that_takes_no_connection_is_passed_over(
    upstreams: Upstreams, several: SeveralCopies, method: str
) -> None:
    ask(upstreams, "GET", 3)
    several.stop(ADDRESSES[1])
    answered = ask(upstreams, method, 9)
    assert answered.total() == 9
    assert ADDRESSES[1] not in answered


def test_a_copy_that_died_is_looked_up_no_more(
    upstreams: Upstreams, several: SeveralCopies
) -> None:
    ask(upstreams, "GET", 1)
    for address in ADDRESSES[1:]:
        several.stop(address)
    several.known = [ADDRESSES[0]]
    assert ask(upstreams, "POST", 4) == {ADDRESSES[0]: 4}


def test_a_new_copy_is_asked_over_kept_connections_too(
    several: SeveralCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.gateway.copies.GOOD_SECONDS", 0.0)
    upstreams = Upstreams(Copies(several.look_up))
    several.known = [ADDRESSES[0]]
    assert ask(upstreams, "GET", 3) == {ADDRESSES[0]: 3}
    several.known = list(ADDRESSES)
    assert set(ask(upstreams, "GET", 3)) == set(ADDRESSES)


def test_the_service_hears_its_own_name(upstreams: Upstreams, several: SeveralCopies) -> None:
    answer = upstreams.exchange(MARKS, "GET", "/api/marks/x", {})
    assert answer.headers["X-Host"] == f"marks.example:{several.port}"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_name_nobody_has_is_a_service_that_is_down(
    upstreams: Upstreams, several: SeveralCopies, method: str
) -> None:
    several.known = []
    with pytest.raises(UnavailableError):
        ask(upstreams, method, 1)


def test_no_more_than_a_few_are_tried() -> None:
    copies = Copies(lambda _host, _port: [f"10.0.0.{number}" for number in range(10)])
    assert len(copies.in_turn("https://marks.example")) == TRIED
    (first, *_others) = copies.in_turn("https://marks.example")
    assert first[:3] == ("https", "marks.example", 443)


def test_a_name_is_looked_up_once_in_a_while() -> None:
    asked: list[str] = []

    def look(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    copies = Copies(look)
    url = "http://marks.example"
    copies.in_turn(url)
    copies.in_turn(url)
    assert (GOOD_SECONDS > 0, asked) == (True, ["marks.example"])
    copies.forget(url)
    copies.in_turn(url)
    assert asked == ["marks.example"] * 2


@pytest.mark.enable_socket
def test_an_address_is_its_own_name() -> None:
    assert look_up("127.0.0.1", 80) == ["127.0.0.1"]
