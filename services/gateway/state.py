"""What the gateway holds while it runs, and where a request finds it."""

from dataclasses import dataclass
from typing import Self, cast

from flask import Flask, current_app, g, request

from services.gateway import cookies
from services.gateway.assets import Assets
from services.gateway.calls import Calls
from services.gateway.client import Client
from services.gateway.models import TOKENS
from services.gateway.sessions import Sessions, SignedIn
from services.gateway.tokens import TokenSource
from services.gateway.upstream import Upstreams
from shared.db import Database
from shared.seal import Seal, seal_for

EXTENSION = "iamis.gateway"


@dataclass(frozen=True)
class Gateway:
    """One gateway: its connections to the services, its browser sessions, its static files."""

    database: Database
    upstreams: Upstreams
    calls: Calls
    seal: Seal
    sessions: Sessions
    assets: Assets

    @classmethod
    def install(cls, app: Flask) -> Self:
        """Make the gateway of an application; needs the secret key of the settings."""
        database = app.extensions["iamis.database"]
        upstreams = Upstreams()
        calls = Calls(upstreams)
        seal = seal_for(TOKENS)
        sessions = Sessions(database, seal, TokenSource(calls))
        made = cls(database, upstreams, calls, seal, sessions, Assets())
        app.extensions[EXTENSION] = made
        return made

    def client_for(self, browser: SignedIn | None) -> Client:
        return Client(self.calls, self.sessions, browser)


def gateway() -> Gateway:
    return cast("Gateway", current_app.extensions[EXTENSION])


def browser_of_request() -> SignedIn | None:
    """Who is signed in where this request comes from; looked up once a request."""
    if "browser" not in g:
        # Where it cannot be found out now, it is not asked again for the page that says so.
        g.browser = None
        g.browser = gateway().sessions.find(cookies.read(request, cookies.SESSION))
    return cast("SignedIn | None", g.browser)
