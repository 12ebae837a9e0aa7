"""Another secret of the installation: the newest seals, the ones before open until all is anew."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from services.identity.app import SERVICE
from services.identity.models import User
from shared import reseal
from shared.audit import AuditRow
from shared.reseal import Resealed
from shared.seal import Seal
from shared.settings import settings
from tests.support.mailbox import queued
from tests.support.service import rows_of
from tests.unit.identity.people import Portal, code

HOMES = "a secret of the tests, and long enough"
OLD, NEW = "the old secret", "the new secret"
Secrets = Callable[..., None]


@pytest.fixture
def secrets(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """Gives the installation these secrets, the newest first."""
    request.getfixturevalue("home")

    def give(*given: str) -> None:
        monkeypatch.setenv("IAMIS_SECRET_KEY", ",".join(given))
        settings.cache_clear()

    return give


@pytest.fixture
def sealed(portal: Portal, secrets: Secrets) -> Portal:
    """A portal that has something sealed of each kind by the old secret."""
    secrets(OLD, HOMES)
    reseal.reseal(portal.service.database, SERVICE)
    secrets(OLD)
    carys = portal.add("carys@bryn.example")
    portal.begin(portal.add("new@bryn.example", enrolled=False))
    portal.sign_in(carys)
    portal.post("/password/forgotten", {"email": carys.email})
    return portal


def stored(portal: Portal) -> dict[str, list[str]]:
    """What the database holds of every sealed column."""
    with portal.service.database.reading() as session:
        return {
            str(column): list(
                session.scalars(
                    text(f"SELECT {column.name} FROM {column.table.name}")  # noqa: S608 # names of ours
                )
            )
            for column in reseal.sealed_columns(SERVICE)
        }


def test_every_sealed_column_is_known() -> None:
    assert {str(column) for column in reseal.sealed_columns(SERVICE)} == {
        "users.totp_secret",
        "challenges.new_secret",
        "signing_keys_private.pem",
        "mails.content",
    }


def test_all_goes_on_with_a_new_secret_before_and_after(sealed: Portal, secrets: Secrets) -> None:
    before = queued(sealed.service.database)
    secrets(NEW, OLD)
    sealed.sign_in(sealed.add("later@bryn.example"))
    looked_at: list[int] = []
    done = reseal.reseal(sealed.service.database, SERVICE, looked_at.append)
    assert done.unreadable == 0
    assert 0 < done.renewed < sum(looked_at)
    secrets(NEW)
    assert queued(sealed.service.database)[: len(before)] == before
    with sealed.service.database.reading() as session:
        assert [user.email for user in rows_of(session, User) if not user.totp_secret] == [
            "new@bryn.example"
        ]
        *_first, noted = [r for r in rows_of(session, AuditRow) if r.action == "secrets.resealed"]
    assert noted.after["renewed"] == done.renewed
    again = reseal.reseal(sealed.service.database, SERVICE)
    assert again == Resealed()


@pytest.mark.parametrize(
    ("one", "other"),
    [((OLD,), (OLD, NEW)), ((OLD, NEW), (NEW, OLD)), ((NEW, OLD), (NEW,))],
    ids=["known first", "then newest", "then alone"],
)
def test_of_processes_restarted_one_after_the_other_each_knows_the_other(
    sealed: Portal, secrets: Secrets, one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    """What one has begun the other ends; all is sealed anew before and between."""
    secrets(*one)
    for begins, ends in ((one, other), (other, one)):
        assert reseal.reseal(sealed.service.database, SERVICE).unreadable == 0
        secrets(*begins)
        newcomer = sealed.add(f"{len(begins)}{begins[0][4]}@bryn.example", enrolled=False)
        begun = sealed.begin(newcomer).json or {}
        secrets(*ends)
        signed_in = sealed.confirm(begun, code(begun["enrol"]["secret"]))
        assert signed_in.status_code == 200
        secrets(*begins)
        assert sealed.refresh((signed_in.json or {})["refresh_token"]).status_code == 200


def test_what_no_secret_opens_stays_and_is_counted(sealed: Portal, secrets: Secrets) -> None:
    before = stored(sealed)
    secrets(NEW)
    done = reseal.reseal(sealed.service.database, SERVICE)
    assert (done.renewed, done.unreadable > 0) == (0, True)
    assert stored(sealed) == before


def test_what_was_changed_meanwhile_is_not_overwritten(
    sealed: Portal, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service writes between the look and the change."""
    secrets(NEW, OLD)
    renew, another = Seal.renew, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    def write_and_renew(seal: Seal, content: str) -> str | None:
        with sealed.service.transaction() as session:
            for user in session.scalars(select(User).where(User.totp_secret.is_not(None))):
                user.totp_secret = another
        return renew(seal, content)

    monkeypatch.setattr(Seal, "renew", write_and_renew)
    reseal.reseal(sealed.service.database, SERVICE)
    with sealed.service.database.reading() as session:
        assert {user.totp_secret for user in rows_of(session, User)} == {None, another}
