"""How failed sign-ins slow down whoever tries, and nobody else.

Failures count against the account from one address, against the address whatever the account, and
against the account from addresses its owner has not signed in from. So guessing is slow from
anywhere, and an owner is stopped only where they (or their neighbours) failed themselves; on a
device that they have used before only by what fails on that device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil

WINDOW = timedelta(minutes=10)
IPV6_SITE_BITS = 64
DEVICE = "device "
DIGITS = 40


@dataclass(frozen=True)
class Limit:
    """So many failures within the window, then no more until the oldest leaves it."""

    failures: int
    window: timedelta = WINDOW


FROM_ONE_ADDRESS = Limit(10)
OF_ONE_ADDRESS = Limit(200)
OF_ONE_ACCOUNT = Limit(100)


def seconds_to_wait(limit: Limit, newest_first: Sequence[datetime], now: datetime) -> int:
    """Whole seconds until another attempt is taken; 0 when it is taken now."""
    if len(newest_first) < limit.failures:
        return 0
    free_again = newest_first[limit.failures - 1] + limit.window
    return max(0, ceil((free_again - now).total_seconds()))


def device_site(digest: str) -> str:
    """What counts as the address of a device that the account was used from before."""
    return f"{DEVICE}{digest[:DIGITS]}"


def is_device(site: str) -> bool:
    return site.startswith(DEVICE)


def site_of(address: str) -> str:
    """What counts as one address: an IPv6 site has a whole network of them to itself."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), IPV6_SITE_BITS), strict=False))
    return str(parsed)
