"""What is sealed opens for its own installation and purpose alone."""

from collections.abc import Iterator

import pytest
from sqlalchemy import String, create_engine, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.seal import Seal, Sealed
from shared.settings import settings


class Base(DeclarativeBase):
    """Base of the table of this test."""


class Kept(Base):
    """Something sealed."""

    __tablename__ = "kept"

    id: Mapped[str] = mapped_column(String(4), primary_key=True)
    secret: Mapped[str | None] = mapped_column(Sealed("test"))


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("IAMIS_SECRET_KEY", "one secret")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Kept(id="a", secret="JBSWY3DP"), Kept(id="b", secret=None)])
        session.flush()
        session.expire_all()
        yield session
    engine.dispose()


def test_a_seal_opens_only_what_it_has_closed() -> None:
    seal = Seal(["one secret"], "this")
    sealed = seal.close("token")
    assert "token" not in sealed
    assert seal.open(sealed) == "token"
    assert Seal(["another secret"], "this").open(sealed) is None
    assert Seal(["one secret"], "that").open(sealed) is None
    assert seal.open(sealed[:-4] + "AAA=") is None
    assert seal.open_json("") == {}
    assert seal.open_json(seal.close_json({"a": 1})) == {"a": 1}


def test_a_sealed_column_is_plain_in_python_alone(session: Session) -> None:
    read = session.scalars(select(Kept.secret).order_by(Kept.id)).all()
    assert read == ["JBSWY3DP", None]
    stored, nothing = session.scalars(text("SELECT secret FROM kept ORDER BY id")).all()
    assert "JBSWY3DP" not in stored
    assert Seal(["one secret"], "test").open(stored) == "JBSWY3DP"
    assert nothing is None


def test_with_another_secret_it_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IAMIS_SECRET_KEY", "another secret")
    settings.cache_clear()
    with pytest.raises(RuntimeError, match="IAMIS_SECRET_KEY"):
        session.scalars(select(Kept.secret)).all()
