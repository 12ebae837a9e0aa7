"""Browser sessions at work: found by their cookie, their tokens kept fresh, ended."""

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.gateway import commands
from services.gateway.commands import Looking, SealedTokens
from services.gateway.models import BrowserSession
from services.gateway.queries import ends_at, live_session
from services.gateway.tokens import TokenSource
from services.gateway.user import User
from shared import clock
from shared.access.tokens import access_version_of
from shared.db import Database
from shared.errors import UnauthenticatedError, UnavailableError
from shared.i18n import gettext as _
from shared.seal import Seal

# A token that ends within this time is replaced before it is used.
REFRESH_AHEAD = timedelta(seconds=60)
NOTE_SEEN_EVERY = timedelta(minutes=1)
LOOK_AGAIN_SECONDS = 0.05


class SessionEndedError(UnauthenticatedError):
    """The browser was signed in and is no more."""

    default_slug = "session-ended"


@dataclass(frozen=True)
class SignedIn:
    """A signed-in browser as it was when it was looked at."""

    key: str
    user: User
    token: str
    token_until: datetime
    refresh: str
    # As it is kept: what a renewal puts another one in the place of.
    renewable: str
    seen_at: datetime
    # What the person may do has changed since: a newer token tells it.
    outdated: bool = False

    def good_for(self, ahead: timedelta) -> bool:
        return self.token_until - clock.now() > ahead

    @property
    def lasts(self) -> bool:
        """Whether the token need not be replaced before it is used."""
        return self.good_for(REFRESH_AHEAD) and not self.outdated


class Sessions:
    """The browser sessions in the gateway's database."""

    def __init__(self, database: Database, seal: Seal, source: TokenSource) -> None:
        self._database = database
        self._seal = seal
        self._source = source

    def begin(self, answer: Mapping[str, Any]) -> str:
        """Open a session on what identity answered to a sign-in; returns the cookie's value."""
        cookie = secrets.token_urlsafe(32)
        tokens = self._sealed(answer)
        with self._database.transaction() as session:
            commands.open_session(session, key_of(cookie), tokens, clock.now())
        return cookie

    def find(self, cookie: str) -> SignedIn | None:
        """Who is signed in with this cookie, noting that they are still there."""
        found = self._open(key_of(cookie)) if cookie else None
        if found and clock.now() - found.seen_at > NOTE_SEEN_EVERY:
            self.touch(found)
        return found

    def left(self, cookie: str) -> tuple[str, int]:
        """Whose session it is, and its seconds if nobody touches it; asking is no touching."""
        now = clock.now()
        with self._database.asking() as session:
            found = live_session(session, key_of(cookie), now) if cookie else None
        if found is None:
            return "", 0
        row, _version = found
        return row.user["id"], int((ends_at(row) - now).total_seconds())

    def touch(self, browser: SignedIn) -> None:
        """Somebody is there."""
        with self._database.transaction() as session:
            commands.note_seen(session, browser.key, clock.now())

    def end(self, browser: SignedIn) -> None:
        """Sign out: here at once, and at identity when it can be reached."""
        self._forget(browser.key)
        self._source.revoke(browser.token, browser.refresh)

    def look_as(self, browser: SignedIn, centre_no: str) -> SignedIn:
        """From now on the session of board staff shows what the centre sees."""
        seen = self._seen(self._fresh(browser.key, own=True), centre_no)
        with self._database.transaction() as session:
            commands.look_as(session, browser.key, seen)
        return self._look(browser.key)

    def look_no_more(self, browser: SignedIn) -> None:
        with self._database.transaction() as session:
            commands.look_no_more(session, browser.key)

    def fresh(self, browser: SignedIn, rejected: str = "") -> SignedIn:
        """The session with a token that is good for a while and is not the `rejected` one.

        As it was found where that is good enough; where it is looked at again and looking has
        ended meanwhile, it is one of the person's own.
        """
        if browser.token != rejected and browser.lasts:
            return browser
        return self._fresh(browser.key, rejected, own=not browser.user.only_looks)

    def _fresh(self, key: str, rejected: str = "", *, own: bool) -> SignedIn:
        """As `fresh`, by the session's key.

        Of many requests at once only one asks identity, so that the family of refresh tokens
        lives, and the trail tells of looking once; the others wait for it, or go on with a token
        that has not yet expired.
        """
        patience = clock.now() + commands.LEASE
        while True:
            now_is = self._look(key, own=own)
            usable = now_is.token != rejected
            if usable and now_is.lasts:
                return now_is
            asker = self._fresh(key, own=True) if now_is.user.only_looks else now_is
            if self._claim(now_is):
                if now_is.user.only_looks:
                    return self._look_on(now_is, asker)
                return self._refresh(now_is, usable=usable)
            if usable and now_is.good_for(timedelta(0)):
                return now_is
            if clock.now() > patience:
                raise UnavailableError(_("Your session cannot be renewed now."))
            time.sleep(LOOK_AGAIN_SECONDS)

    def _look(self, key: str, *, own: bool = False) -> SignedIn:
        found = self._open(key, own=own)
        if found is None:
            raise session_ended()
        return found

    def _claim(self, browser: SignedIn) -> bool:
        with self._database.transaction() as session:
            return commands.claim_refresh(session, browser.key, browser.renewable, clock.now())

    def _look_on(self, browser: SignedIn, asker: SignedIn) -> SignedIn:
        """Look for longer, unless it was ended while identity was asked."""
        try:
            seen = self._seen(asker, str(browser.user.centre_no))
            with self._database.transaction() as session:
                commands.look_on(session, browser.key, browser.renewable, seen)
        finally:
            with self._database.transaction() as session:
                commands.release_refresh(session, browser.key)
        return self._look(browser.key)

    def _seen(self, asker: SignedIn, centre_no: str) -> Looking:
        answer = self._source.look(asker.token, centre_no)
        token = self._seal.close(answer["access_token"])
        return Looking(token, _until(answer), dict(answer["user"]))

    def _refresh(self, browser: SignedIn, *, usable: bool) -> SignedIn:
        try:
            answer = self._source.refresh(browser.refresh)
        except UnavailableError:
            with self._database.transaction() as session:
                commands.release_refresh(session, browser.key)
            if usable and browser.good_for(timedelta(0)):
                return browser
            raise
        except UnauthenticatedError as error:
            self._forget(browser.key)
            raise session_ended() from error
        with self._database.transaction() as session:
            commands.keep_tokens(session, browser.key, self._sealed(answer))
        return self._look(browser.key, own=True)

    def _forget(self, key: str) -> None:
        with self._database.transaction() as session:
            commands.end_session(session, key)

    def _sealed(self, answer: Mapping[str, Any]) -> SealedTokens:
        return SealedTokens(
            access=self._seal.close(answer["access_token"]),
            access_until=_until(answer),
            refresh=self._seal.close(answer["refresh_token"]),
            user=dict(answer["user"]),
        )

    def _open(self, key: str, *, own: bool = False) -> SignedIn | None:
        """The live session of that key, by one question.

        Where board staff look at a centre, it is as who they are there, unless their `own` is
        asked for.
        """
        with self._database.asking() as session:
            found = live_session(session, key, clock.now())
        if found is None:
            return None
        row, version = found
        opened = self._unsealed(row)
        if opened is None:
            return None
        seen = opened if own else self._looking(opened, row)
        return replace(seen, outdated=access_version_of(seen.token) < (version or 0))

    def _unsealed(self, row: BrowserSession) -> SignedIn | None:
        """Who is signed in, `None` when another secret has sealed their tokens."""
        token, refresh = self._seal.open(row.access_token), self._seal.open(row.refresh_token)
        if token is None or refresh is None:
            return None
        return SignedIn(
            key=row.key,
            user=User.from_json(row.user),
            token=token,
            token_until=row.access_until,
            refresh=refresh,
            renewable=row.refresh_token,
            seen_at=row.seen_at,
        )

    def _looking(self, own: SignedIn, row: BrowserSession) -> SignedIn:
        if not row.looking_token or row.looking_as is None or row.looking_until is None:
            return own
        token = self._seal.open(row.looking_token)
        if token is None:
            return own
        return replace(
            own,
            user=User.from_json(row.looking_as, only_looks=True),
            token=token,
            token_until=row.looking_until,
            renewable=row.looking_token,
        )


def _until(answer: Mapping[str, Any]) -> datetime:
    return clock.now() + timedelta(seconds=answer["expires_in"])


def session_ended() -> SessionEndedError:
    return SessionEndedError(_("Your session has ended. Please sign in again."))


def key_of(cookie: str) -> str:
    """What the database keeps of a cookie: enough to find it, not enough to forge it."""
    return hashlib.sha256(cookie.encode()).hexdigest()
