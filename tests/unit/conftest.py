"""What unit tests of several services share."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy.orm.exc import StaleDataError

from shared import i18n


@pytest.fixture(autouse=True)
def _english() -> None:
    """A request made in another test may have left its language behind."""
    i18n.set_language(i18n.DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def compiled_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as they are written now, whenever `make` last compiled them."""
    folder = tmp_path_factory.mktemp("translations")
    for source in i18n.CATALOGUES.rglob("*.po"):
        compiled = folder / source.relative_to(i18n.CATALOGUES).with_suffix(".mo")
        compiled.parent.mkdir(parents=True)
        with source.open("rb") as text, compiled.open("wb") as binary:
            write_mo(binary, read_po(text))
    return folder


@pytest.fixture
def translated(compiled_catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answers in Welsh are in Welsh."""
    monkeypatch.setattr(i18n, "CATALOGUES", compiled_catalogues)
    i18n.catalogue.cache_clear()
    yield
    i18n.catalogue.cache_clear()


@pytest.fixture
def no_race_lost(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Locks are taken in one order: that a deadlock would be run again is no excuse for one.

    What was looked at and has changed before it was locked is begun anew, which is in order.
    """
    caplog.set_level(logging.INFO)
    yield
    lost = [vars(each) for each in caplog.get_records("call") if each.msg == "lost a race"]
    assert not [one for one in lost if one["to"] != StaleDataError.__name__]
