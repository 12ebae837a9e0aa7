"""The database of each service: reached, migrated, in time, and its events and mail going out."""

from collections.abc import Iterator
from datetime import timedelta

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shared import clock
from shared.access.models import SigningKey
from shared.db import Database
from shared.doctor.findings import Finding, fault, fine, warning
from shared.engine import is_postgresql
from shared.events.backlog import backlog
from shared.i18n import gettext as _
from shared.mail.models import Mail
from shared.migrate import PLATFORM, chain_of
from shared.operators import database_of
from shared.service import load_service, service_names
from shared.settings import SettingsError

LATE_EVENTS_SECONDS = 60
LATE_MAIL = timedelta(minutes=15)
CLOCKS_APART_SECONDS = 2.0


def check() -> Iterator[Finding]:
    """What is to be said of the databases, each in turn."""
    for name in service_names():
        part = _("database of %(service)s", service=name)
        try:
            with database_of(name) as database:
                found = [*_of_tables(part, name, database)] or [*_of_content(part, database)]
        except SettingsError as error:
            found = [fault(part, problem) for problem in error.problems]
        except click.ClickException as error:
            found = [fault(part, error.message)]
        yield from found or [fine(part, _("in order"))]


def _of_tables(part: str, name: str, database: Database) -> Iterator[Finding]:
    """Whether the tables are those of this release; what they hold is readable only then."""
    for chain in (PLATFORM, chain_of(load_service(name))):
        with database.engine.connect() as connection:
            there = chain.revisions(connection)
        if set(there) != set(chain.heads()):
            yield fault(
                part,
                _(
                    "its tables (%(chain)s) are of revision %(there)s, and this release needs "
                    "%(needed)s: run `iamis prepare %(service)s`",
                    chain=chain.name,
                    there=", ".join(there) or "-",
                    needed=", ".join(chain.heads()),
                    service=name,
                ),
            )


def _of_content(part: str, database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        yield from _clock(part, session)
        yield from _events(part, session)
        yield from _mail(part, session)
        if session.scalar(select(func.count()).select_from(SigningKey)) == 0:
            yield fault(part, _("it knows no signing key: nobody who signs in is let in"))


def _clock(part: str, session: Session) -> Iterator[Finding]:
    if not is_postgresql(session.connection()):
        return
    apart = (session.scalars(select(func.clock_timestamp())).one() - clock.now()).total_seconds()
    if abs(apart) > CLOCKS_APART_SECONDS:
        yield warning(part, _("its clock and the one here are %(s)s s apart", s=f"{apart:.1f}"))


def _events(part: str, session: Session) -> Iterator[Finding]:
    found = backlog(session)
    if found.age_seconds > LATE_EVENTS_SECONDS:
        yield warning(
            part,
            _(
                "%(n)s events wait to go out, the oldest for %(s)s s: does its worker run?",
                n=found.waiting,
                s=round(found.age_seconds),
            ),
        )
    if found.aside:
        words = _("%(n)s events were set aside: see `iamis outbox status`", n=found.aside)
        yield warning(part, words)


def _mail(part: str, session: Session) -> Iterator[Finding]:
    late = Mail.settled_at.is_(None), Mail.queued_at < clock.now() - LATE_MAIL
    waiting = session.scalar(select(func.count()).select_from(Mail).where(*late))
    if waiting:
        yield warning(
            part,
            _(
                "%(n)s mails wait for more than %(min)s minutes",
                n=waiting,
                min=round(LATE_MAIL.total_seconds() / 60),
            ),
        )
