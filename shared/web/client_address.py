"""Whose request this is: the address of the client, past the proxies that are trusted."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address

from flask import Request

from shared.settings import settings
from shared.settings_reader import Network

Address = IPv4Address | IPv6Address


def client_address(request: Request) -> str:
    """The address of the client; a forwarded one counts only where a trusted proxy names it."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    return nearest_untrusted([*hops, request.remote_addr or ""], settings().trusted_proxies)


def nearest_untrusted(hops: Iterable[str], trusted: tuple[Network, ...]) -> str:
    """The last of `hops` (client first, peer last) that no trusted proxy is at.

    Whoever is not trusted may have made up everything before itself.
    """
    nearest = ""
    for hop in reversed(list(hops)):
        address = _parse(hop)
        if address is None:
            break
        nearest = str(address)
        if not any(address in network for network in trusted):
            break
    return nearest


def _parse(hop: str) -> Address | None:
    try:
        address = ip_address(hop)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
