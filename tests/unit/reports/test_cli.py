"""`iamis reports verify`, as an operator types it."""

from collections.abc import Iterator

import click
import pytest
from sqlalchemy import text

from services.reports import cli
from shared.operators import database_of
from shared.settings import settings
from tests.support.service import ServiceUnderTest


@pytest.fixture(autouse=True)
def _known(service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database of the service is the one that commands read."""
    url = service.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("IAMIS_DATABASE_URL_REPORTS", url)
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_no_room_for_what_is_told_is_no_fault_of_the_database_that_is_read() -> None:
    scratch = cli._scratch()  # noqa: SLF001 - as the command has it
    with scratch as told, told.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 1"))
        full = r"temporary database .* is full.* TMPDIR"
        with pytest.raises(click.ClickException, match=full), database_of("reports"):
            connection.execute(text("CREATE TABLE much AS SELECT zeroblob(1000000) AS it"))
