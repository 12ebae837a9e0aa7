"""What unit tests of several services share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

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
