"""What the services share: the broker, the object storage, the mail server, and each other."""

import io
import smtplib
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from urllib.parse import urlsplit

import click
import urllib3
from urllib3.exceptions import HTTPError

from shared.bus import Bus, BusError
from shared.doctor.findings import Finding, fault, fine, warning
from shared.errors import UnavailableError
from shared.i18n import gettext as _
from shared.ids import new_id
from shared.mail.folder import PAGE, is_shown
from shared.mail.transport import Smtp
from shared.operators import opened_bus
from shared.service import queue_of, service_names
from shared.settings import SettingsError, settings
from shared.storage import StoreRefusesError
from shared.storage_parts import PartStorage

PROBE = b"iamis doctor"
READY_SECONDS = 5.0


def broker() -> Iterator[Finding]:
    """Whether each service's queue is there, and what in it was given up."""
    part = _("broker")
    try:
        with opened_bus() as bus:
            found = [finding for name in service_names() for finding in _queue(bus, name)]
    except (click.ClickException, SettingsError) as error:
        found = [fault(part, error)]
    yield from found or [fine(part, _("reached, and every queue is there"))]


def _queue(bus: Bus, service: str) -> Iterator[Finding]:
    queue = queue_of(service)
    part = _("queue %(queue)s", queue=queue)
    try:
        counts = bus.counts(queue)
    except BusError as error:
        yield fault(part, _("%(why)s: run `iamis prepare %(name)s`", why=error, name=service))
        return
    if counts.dead:
        yield warning(
            part,
            _(
                "%(n)s events were given up: see `iamis dead-letters list --queue %(queue)s`",
                n=counts.dead,
                queue=queue,
            ),
        )


def storage() -> Iterator[Finding]:
    """Whether a file can be stored, read again and removed."""
    part = _("object storage")
    try:
        store = PartStorage(settings().s3)
        if not store.has_bucket():
            yield warning(
                part,
                _("there is no bucket %(name)s yet: the first upload makes it", name=store.bucket),
            )
            return
        same = _comes_back(store, f"doctor/{new_id()}")
    except StoreRefusesError as error:
        yield fault(part, _("it refuses: %(why)s", why=error))
    except (SettingsError, UnavailableError) as error:
        yield fault(part, error)
    else:
        good = fine(part, _("a file was stored, read and removed"))
        yield good if same else fault(part, _("a file came back changed"))


def _comes_back(store: PartStorage, key: str) -> bool:
    store.put(key, io.BytesIO(PROBE), "text/plain", len(PROBE))
    try:
        with closing(store.open(key)) as download:
            return b"".join(download) == PROBE
    finally:
        store.delete(key)


def mail() -> Iterator[Finding]:
    """Where mail goes, and whether the mail server lets us in."""
    part, url = _("mail"), settings().smtp_url
    if not url:
        yield _kept_mail(part)
        return
    server = urlsplit(url).netloc.rpartition("@")[2]
    try:
        Smtp(url).greet()
    except (OSError, smtplib.SMTPException) as error:
        words = _("the server %(server)s cannot be used: %(why)s", server=server, why=error)
        yield fault(part, words)
    else:
        yield fine(part, _("it goes to the server %(server)s, which lets us in", server=server))


def _kept_mail(part: str) -> Finding:
    """Without a server mail goes nowhere: that is well only where the system is tried out."""
    told = settings()
    folder = told.mail_folder.resolve()
    if not is_shown(told):
        words = _("no server is set (IAMIS_SMTP_URL): mail is written to %(folder)s", folder=folder)
        return warning(part, words) if told.stack == "real" else fine(part, words)
    # The address is known while the gateway runs.
    page = told.service_urls.get("gateway", "") + PAGE
    return fine(
        part,
        _(
            "no server is set (IAMIS_SMTP_URL): mail is written to %(folder)s, and shown at "
            "%(page)s to people at this computer",
            folder=folder,
            page=page,
        ),
    )


def services() -> Iterator[Finding]:
    """Whether every service of which the address is known is ready."""
    urls = settings().service_urls
    if not urls:
        yield warning(_("services"), _("none runs here, or their addresses are not set"))
    client = urllib3.PoolManager(retries=False, timeout=READY_SECONDS)
    for name, url in sorted(urls.items()):
        try:
            status = client.request("GET", f"{url}/readyz").status
        except HTTPError as error:
            yield fault(name, _("it does not answer: %(why)s", why=type(error).__name__))
        else:
            good = status == HTTPStatus.OK
            words = _("it is not ready: status %(status)s", status=status)
            yield fine(name, _("ready")) if good else fault(name, words)
