"""`iamis create-databases`: before `prepare`, on a PostgreSQL server that is for IAMIS alone."""

from pathlib import Path

import click
import psycopg
from sqlalchemy.engine import URL, make_url

from shared.i18n import gettext as _
from shared.launcher import databases
from shared.settings import SettingsError, settings

CONNECT_SECONDS = 10


@click.command()
@click.argument("services", nargs=-1, required=True)
@click.option(
    "--admin-url-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    required=True,
    help=_("Holds the URL of the server as its superuser."),
)
def create_databases(services: tuple[str, ...], admin_url_file: Path) -> None:
    """Make the missing databases and roles of SERVICES.

    Names and passwords, which are set, are those of the services' URLs. It is safe to repeat, and
    for several to do at once.
    """
    accounts = [account_of(name) for name in services]
    admin_url = admin_url_file.read_text(encoding="utf-8").strip()
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=CONNECT_SECONDS) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext('iamis databases'))")
        databases.create(admin, accounts)


def account_of(service: str) -> databases.Account:
    """What the URLs of a service say; `SettingsError` where they name other than its own."""
    url, owner_url = (
        make_url(settings().database_url(service)),
        make_url(settings().owner_url(service)),
    )
    account = databases.Account(service, url.password or "", owner_url.password or "")
    _require(url, account.database, account.role)
    _require(owner_url, account.database, account.owner)
    return account


def _require(url: URL, database: str, role: str) -> None:
    if (url.database, url.username) != (database, role) or not url.password:
        problem = _(
            "The URL %(url)s must name the database %(database)s and the role %(role)s, with a "
            "password.",
            url=url.render_as_string(hide_password=True),
            database=database,
            role=role,
        )
        raise SettingsError((problem,))
