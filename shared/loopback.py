"""Whether an address is of this computer alone."""

from ipaddress import ip_address


def is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def is_here(host: str) -> bool:
    """Whether the host of a URL is this computer, by its name or its address."""
    return host == "localhost" or is_loopback(host)
