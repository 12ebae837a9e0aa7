"""Operators' commands of identity; they work in-process on the configured database."""

import json
import sys
from datetime import timedelta
from typing import IO, Literal, TypedDict, Unpack

import click
import pyotp
from sqlalchemy.orm import Session

from services.identity.commands import keys, signing
from services.identity.commands.accounts import NewUser, Place, add_centre, add_user
from services.identity.commands.passwords import breached, is_breached, random_password
from services.identity.domain import codes
from services.identity.domain.accounts import Kind, Language, email_key, is_email
from services.identity.domain.passwords import fault, known_of
from shared import clock
from shared.commands.reseal import reseal
from shared.errors import ProblemError
from shared.i18n import gettext as _
from shared.ids import CENTRE_NO
from shared.operators import database_of
from shared.settings import settings


class Options(TypedDict):
    """What `create-user` is told beside the email address."""

    role: Literal["admin", "user", "appointee", "board"]
    centre: tuple[str, ...]
    centre_name: str | None
    first_name: str
    last_name: str
    language: Language
    address: str
    no_iamis: bool
    password_file: IO[str] | None


@click.command("create-user")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice(["admin", "user", "appointee", "board"]))
@click.option("--centre", multiple=True, help="Centre number; for an appointee, of their own work.")
@click.option("--centre-name", help="Adds the centre, or gives it this name.")
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", show_default=True)
@click.option("--address", default="", help="Where samples are posted to (appointees).")
@click.option("--no-iamis", is_flag=True, help="A user without access to internal assessment.")
@click.option("--password-file", type=click.File(), help="File with the password; - for stdin.")
def create_user(email: str, **options: Unpack[Options]) -> None:
    """Make an account that can sign in at once.

    The printed secret goes into an authenticator app.
    """
    _check(email, options)
    given = _password(options)
    password, secret = given or random_password(), pyotp.random_base32()
    wrong = fault(password, known_of(options["first_name"], options["last_name"], email))
    if not wrong and is_breached(password):
        wrong = breached()
    if wrong:
        raise click.ClickException(wrong)
    _store(_new_user(email, password, secret, options), options)
    click.echo(_("Account: %(email)s", email=email))
    if not given:
        click.echo(_("Password: %(password)s", password=password))
    click.echo(_("TOTP secret: %(secret)s", secret=secret))


def _check(email: str, options: Options) -> None:
    names = (options["first_name"], options["last_name"])
    if not is_email(email):
        raise click.ClickException(_("%(email)s is not an email address.", email=email))
    if not all(name.strip() and name.isprintable() for name in names):
        raise click.ClickException(_("First and last name must be printable text."))
    for centre_no in options["centre"]:
        if not CENTRE_NO.fullmatch(centre_no):
            raise click.UsageError(_("%(no)s is not a centre number.", no=centre_no))
    if options["role"] in ("admin", "user") and not options["centre"]:
        raise click.UsageError(_("An account of a centre needs --centre."))
    if options["role"] == "board" and options["centre"]:
        raise click.UsageError(_("Board staff belong to no centre."))
    if options["centre_name"] and len(options["centre"]) != 1:
        raise click.UsageError(_("--centre-name goes with exactly one --centre."))


def _password(options: Options) -> str:
    """The password given by file or keyboard, or nothing: then one is made."""
    file = options["password_file"]
    if file is not None:
        return file.read().rstrip("\r\n")
    if not sys.stdin.isatty():
        return ""
    asked = _("Password (empty: one is made)")
    typed: str = click.prompt(asked, default="", hide_input=True, confirmation_prompt=True)
    return typed


def _new_user(email: str, password: str, secret: str, options: Options) -> NewUser:
    kind: Kind
    places: tuple[Place, ...] = ()
    match options["role"]:
        case "admin" | "user" as role:
            kind, iamis = "centre", role == "user" and not options["no_iamis"]
            places = tuple(Place(centre_no, role, iamis) for centre_no in options["centre"])
        case other:
            kind = other
    return NewUser(
        kind=kind,
        email=email,
        first_name=options["first_name"].strip(),
        last_name=options["last_name"].strip(),
        language=options["language"],
        address=options["address"],
        password=password,
        totp_secret=secret,
        places=places,
        works_at=options["centre"] if kind == "appointee" else (),
    )


def _store(new: NewUser, options: Options) -> None:
    try:
        with database_of("identity") as database, database.transaction() as session:
            _name_centre(session, options)
            add_user(session, new)
    except ProblemError as error:
        raise click.ClickException(error.detail) from error


def _name_centre(session: Session, options: Options) -> None:
    if options["centre_name"]:
        add_centre(session, options["centre"][0], options["centre_name"])
        session.flush()


@click.command("totp")
@click.argument("secret_or_demo_email")
def totp(secret_or_demo_email: str) -> None:
    """Print the current code of a secret or a demo account.

    A secret is given in base32, a demo account by its email address.
    """
    named = "@" in secret_or_demo_email
    secret = _demo_secret(secret_or_demo_email) if named else secret_or_demo_email
    now = clock.now()
    try:
        code = codes.code_at(codes.typed(secret).upper(), now)
    except ValueError as error:
        raise click.ClickException(
            _("This is not a base32 secret of at least 112 bits.")
        ) from error
    click.echo(code)
    click.echo(_("%(seconds)s seconds left", seconds=codes.seconds_left(now)), err=True)


def _demo_secret(email: str) -> str:
    file = settings().home / "demo-accounts.json"
    if not file.exists():
        raise click.ClickException(
            _(
                "There is no %(file)s. Is the home another? Give iamis --home DIR."
                " A home that was restored has none: copy it from the home of before.",
                file=file,
            )
        )
    for account in json.loads(file.read_text(encoding="utf-8")):
        if email_key(account["email"]) == email_key(email):
            return str(account["totp_secret"])
    raise click.ClickException(_("No demo account is named %(email)s.", email=email))


@click.group("keys")
def keys_group() -> None:
    """Look after the keys of tokens and of sealed secrets."""


keys_group.add_command(reseal)


@keys_group.command("rotate")
@click.option(
    "--after",
    type=click.IntRange(min=0),
    default=int(keys.PUBLISHED_AHEAD.total_seconds()),
    show_default=True,
    help="Seconds until the new key signs: by then every service must have heard of it.",
)
def rotate_keys(after: int) -> None:
    """Plan a new key to sign access tokens with.

    It is published now and used later; the old one is kept while its tokens live.

    While a key is planned already, that one is shown again and nothing changes.
    """
    with database_of("identity") as database:
        with database.transaction() as session:
            planned = keys.rotate(session, timedelta(seconds=after))
            kid, moment = planned.kid, planned.signs_from
            public = signing.public_keys(session)
        keys.write_file(settings().jwks_file, public)
    click.echo(_("Key %(kid)s signs from %(moment)s.", kid=kid, moment=moment.isoformat()))


@keys_group.command("revoke")
@click.confirmation_option(prompt="Refuse every access token issued so far?")
def revoke_keys() -> None:
    """Replace keys that have leaked, at once.

    Tokens signed with them are refused from now on.
    """
    with database_of("identity") as database:
        with database.transaction() as session:
            kid = keys.revoke(session).kid
            public = signing.public_keys(session)
        keys.write_file(settings().jwks_file, public)
    click.echo(_("Only key %(kid)s is good now.", kid=kid))


@keys_group.command("list")
def list_keys() -> None:
    """Show each key, from when it signs and until when."""
    with database_of("identity") as database, database.reading() as session:
        for key in keys.every(session):
            until = key.retired_at.isoformat() if key.retired_at else "-"
            click.echo(f"{key.kid}  {key.signs_from.isoformat()}  {until}")
