"""The trail of the tools, and both buses they may be on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.identity.app import SERVICE
from shared.bus import EVENTS, INTERNAL, Binding, Bus
from shared.bus.rabbitmq import RabbitMQBus
from shared.db import Database
from shared.runtime import open_bus
from shared.settings import describe, settings
from tests.support.databases import Template
from tests.support.rabbitmq import Broker
from tests.support.service import migrated_database


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return migrated_database(SERVICE, tmp_path_factory.mktemp("template"))


@pytest.fixture(autouse=True)
def database(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """The database with the trail, in an environment of its own."""
    for variable in describe():
        monkeypatch.delenv(variable.name, raising=False)
    copy = template.copy(tmp_path)
    monkeypatch.setenv("IAMIS_HOME", str(tmp_path))
    monkeypatch.setenv("IAMIS_DATABASE_URL_IDENTITY", copy.url)
    settings.cache_clear()
    with closing(Database(copy.url)) as opened:
        yield opened
    copy.give_back()
    settings.cache_clear()


@pytest.fixture
def on_rabbitmq(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a broker with a service's queue in it."""
    url = broker.new_host()
    monkeypatch.setenv("IAMIS_AMQP_URL", url)
    monkeypatch.setenv("IAMIS_AMQP_MANAGEMENT_URL", broker.rabbitmq.management_url)
    with closing(RabbitMQBus(url, broker.rabbitmq.management_url)) as bus:
        bus.declare("iamis.marks", [Binding(EVENTS, "#"), Binding(INTERNAL, "#")])
    return url


@pytest.fixture(params=["embedded", "rabbitmq"])
def bus(request: pytest.FixtureRequest) -> Iterator[Bus]:
    if request.param == "rabbitmq":
        request.getfixturevalue("on_rabbitmq")
    settings.cache_clear()
    with closing(open_bus()) as opened:
        yield opened
