"""The settings themselves, and the machine the command runs on."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from shared.doctor.findings import Finding, fault, fine, warning
from shared.i18n import gettext as _
from shared.loopback import is_here
from shared.settings import Settings, settings

MIB = 2**20
LITTLE_BYTES = 1024 * MIB
TOO_LITTLE_BYTES = 100 * MIB
SHORTEST_SECRET = 32


def settings_in_order() -> Iterator[Finding]:
    """What the settings allow and a board would not want."""
    told, part = settings(), _("settings")
    found = [warning(part, words) for words in _doubts(told)]
    yield from found or [fine(part, _("in order; the %(stack)s stack", stack=told.stack))]


def _doubts(told: Settings) -> Iterator[str]:
    if not told.given_secret_keys:
        yield _("IAMIS_SECRET_KEY is not set: the gateway and identity need it")
    elif min(map(len, told.given_secret_keys)) < SHORTEST_SECRET:
        yield _("IAMIS_SECRET_KEY is shorter than %(n)s characters", n=SHORTEST_SECRET)
    if told.stack == "embedded":
        return
    if is_here(urlsplit(told.public_url).hostname or ""):
        yield _(
            "links in mail lead to %(url)s, which only this computer reaches: set IAMIS_PUBLIC_URL",
            url=told.public_url,
        )
    elif not told.public_url.startswith("https://"):
        yield _(
            "links in mail lead to %(url)s, which is no https address: set IAMIS_PUBLIC_URL",
            url=told.public_url,
        )
    if not told.cookie_secure:
        yield _("IAMIS_COOKIE_SECURE is off: sessions travel unprotected")


def room() -> Iterator[Finding]:
    """Whether the disk that holds the home has room left."""
    part, folder = _("disk"), _nearest(settings().home)
    free = shutil.disk_usage(folder).free
    words = _("%(n)s MiB are free in %(folder)s", n=free // MIB, folder=folder.resolve())
    judged = fault if free < TOO_LITTLE_BYTES else warning if free < LITTLE_BYTES else fine
    yield judged(part, words)


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest one above that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())
