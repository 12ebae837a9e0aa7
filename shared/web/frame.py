"""The frame: authenticate, load, authorise, validate, act, commit once — for every request.

A view therefore is a few lines and holds no try/except; the order of refusals (401, 404 or 403,
413 or 415, 400, 422, 409) is the order of the steps here.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Request, Response, current_app, json, request
from sqlalchemy.orm import Session

from shared.access.rules import only_looking
from shared.access.tokens import verify
from shared.db import Database
from shared.errors import ProblemError, UnauthenticatedError
from shared.i18n import gettext as _
from shared.web import idempotency
from shared.web.body import read_model, read_query, read_raw
from shared.web.language import choose_language
from shared.web.routes import Call, Json, Reply, Route

SAFE = {"GET", "HEAD"}

log = logging.getLogger("iamis.access")


class Frame:
    """Runs the routes of one service on its database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def view_of(self, route: Route) -> Callable[..., Response]:
        """The Flask view of a route."""

        def view(**params: str) -> Response:
            return self._run(route, Call(self._database, params))

        view.__name__ = route.name
        view.access_rule = route.access  # type: ignore[attr-defined]
        return view

    def _run(self, route: Route, call: Call) -> Response:
        if route.method in SAFE and not route.streams:
            with self._database.reading() as session:
                self._admit(route, call, session)
                return render(route, self._act(route, call))
        with self._database.asking() as session:
            self._admit(route, call, session)
        call.enter(None)
        return self._stream(route, call) if route.streams else self._write(route, call)

    @staticmethod
    def _admit(route: Route, call: Call, session: Session) -> None:
        """401, then 404 or 403."""
        call.enter(session)
        if not route.access.anonymous:
            principal = verify(call.session, bearer_token(request))
            call.authenticated_as(principal)
            choose_language(request, principal.language)
        with _noted(route, call):
            route.access.check(call)
            changes = route.method not in SAFE and not route.access.anonymous
            if changes and call.principal.only_looks:
                raise only_looking()

    def _write(self, route: Route, call: Call) -> Response:
        brought = _bring(route, request)
        key = _idempotency_key(route, call)

        def change(session: Session) -> Response:
            call.enter(session)
            if key is None:
                return render(route, route.view(call, **brought, **call.params))
            asked = repr(brought).encode()
            earlier = idempotency.claim(session, key, asked)
            if earlier is not None:
                return render(route, earlier)
            reply = _as_reply(route, route.view(call, **brought, **call.params))
            idempotency.keep(session, key, asked, reply)
            return render(route, reply)

        return self._database.run(change)

    def _stream(self, route: Route, call: Call) -> Response:
        """As `_write`, but the view opens transactions of its own, between claim and answer.

        What the view reads itself is in no fingerprint: its route holds it against the answer.
        """
        brought = _bring(route, request)
        key = _idempotency_key(route, call)
        if key is None:
            return render(route, route.view(call, **brought, **call.params))
        asked = repr(brought).encode()
        earlier = self._database.run(lambda session: idempotency.claim(session, key, asked))
        if earlier is not None:
            if route.is_same and not route.is_same(earlier.body, **call.params):
                raise idempotency.used_already()
            return render(route, earlier)
        with self._released_on_failure(key):
            reply = _as_reply(route, route.view(call, **brought, **call.params))
        with self._database.transaction() as session:
            idempotency.keep(session, key, asked, reply)
        return render(route, reply)

    @contextmanager
    def _released_on_failure(self, key: str) -> Iterator[None]:
        try:
            yield
        except BaseException:
            with self._database.transaction() as session:
                idempotency.release(session, key)
            raise

    @staticmethod
    def _act(route: Route, call: Call) -> Json | Reply | None:
        return route.view(call, **_bring(route, request), **call.params)


@contextmanager
def _noted(route: Route, call: Call) -> Iterator[None]:
    """Log who was refused what: by ids, for whoever looks for somebody that tries doors."""
    try:
        yield
    except ProblemError as refused:
        account = "" if route.access.anonymous else call.principal.user_id
        told = {"account": account, "route": route.name, "status": refused.status}
        log.warning("access refused", extra=told)
        raise


def _bring(route: Route, asked: Request) -> dict[str, Any]:
    """What the view gets besides its path: the validated body and query."""
    brought: dict[str, Any] = {}
    if route.body:
        brought["body"] = read_model(asked, route, route.body)
    if route.raw:
        brought["raw"] = read_raw(asked, route)
    if route.query:
        brought["query"] = read_query(asked.args, route.query)
    return brought


def _as_reply(route: Route, answer: Json | Reply | None) -> Reply:
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    return replace(reply, status=reply.status or route.status)


def _idempotency_key(route: Route, call: Call) -> str | None:
    given = request.headers.get("Idempotency-Key", "")
    if not given or not route.takes_key:
        return None
    return idempotency.key_of(call.principal.user_id, request.path, given)


def bearer_token(asked: Request) -> str:
    """The token of the `Authorization` header (RFC 6750); `UnauthenticatedError` without one."""
    scheme, _space, token = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthenticatedError(_("Send an access token: Authorization: Bearer …"))
    return token.strip()


def render(route: Route, answer: Json | Reply | None) -> Response:
    reply = _as_reply(route, answer)
    if isinstance(reply.body, dict):
        response = Response(json.dumps(reply.body), reply.status, content_type="application/json")
    else:
        response = current_app.response_class(
            reply.body, reply.status, content_type=reply.content_type or None
        )
    response.headers.extend(reply.headers)
    if reply.on_close is not None:
        response.call_on_close(reply.on_close)
    return response
