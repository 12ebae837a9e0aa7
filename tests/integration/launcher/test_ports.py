"""Ports that nobody else uses."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.launcher.parts import EMBEDDED
from shared.launcher.ports import free_ports, is_free, same_ports
from shared.launcher.stack import Stack
from shared.settings import settings

NAMES = ("gateway", "first", "second")


@pytest.fixture
def three_ports(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """All there are to give away, next to each other."""
    found = (range(first, first + 3) for first in settings().ports)
    three = next(three for three in found if all(map(is_free, three)))
    monkeypatch.setenv("IAMIS_PORTS", f"{three[0]}-{three[-1]}")
    settings.cache_clear()
    yield list(three)
    monkeypatch.undo()
    settings.cache_clear()


def test_free_ports_are_different_and_can_be_bound() -> None:
    found = free_ports(20)

    assert len(set(found)) == 20
    assert all(port in settings().ports for port in found)
    for port in found:
        with socket.create_server(("127.0.0.1", port)):
            """It was free."""


def test_a_port_in_use_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free(port)

    assert is_free(port)


def test_a_port_is_kept_while_it_is_free(three_ports: list[int]) -> None:
    first, second, third = three_ports
    kept = {"first": first, "second": second}

    assert same_ports(["first", "second"], kept, but=third) == kept
    assert same_ports(["new", "first"], {"first": first}, but=third) == {
        "new": second,
        "first": first,
    }
    # The one that people reach goes before.
    assert same_ports(["first", "second"], kept, but=second) == {"first": first, "second": third}
    with socket.create_server(("127.0.0.1", first)):
        assert same_ports(["first"], kept, but=second) == {"first": third}


def test_a_home_keeps_its_ports_and_tells_of_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    said: list[str] = []

    def planned() -> dict[str, int]:
        stack = Stack(settings(), EMBEDDED, NAMES, with_demo=False, say=said.append)
        stack.home.create()
        stack.plan()
        return {name: port for name, port in stack.ports.items() if name != "gateway"}

    before = planned()
    assert (planned(), said) == (before, [])
    with socket.create_server(("127.0.0.1", before["first"])):
        after = planned()
    assert after["first"] != before["first"]
    assert after["second"] == before["second"]
    assert said == ["On another port than before, which is taken: first."]
    assert planned() == after


def test_the_port_of_the_gateway_is_given_to_nobody_else(
    three_ports: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IAMIS_PORT", str(three_ports[1]))
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path / "home"))
    settings.cache_clear()
    for _each in range(8):
        stack = Stack(settings(), (), NAMES, with_demo=False, say=print)
        stack.home.create()
        stack.plan()
        assert stack.ports["gateway"] == three_ports[1]
        assert sorted(stack.ports.values()) == three_ports
