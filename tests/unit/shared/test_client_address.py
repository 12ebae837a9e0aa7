"""Whose request it is: forwarded addresses count only from trusted proxies."""

from ipaddress import ip_network

import pytest

from shared.web.client_address import nearest_untrusted

TRUSTED = (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        ([""], ""),
        (["192.0.2.7"], "192.0.2.7"),
        (["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        (["192.0.2.7", "127.0.0.1"], "192.0.2.7"),
        (["192.0.2.7", "10.1.2.3", "127.0.0.1"], "192.0.2.7"),
        (["198.51.100.1", "192.0.2.7", "127.0.0.1"], "192.0.2.7"),
        (["2001:db8::9", "::1"], "2001:db8::9"),
        (["192.0.2.7", "::ffff:127.0.0.1"], "192.0.2.7"),
        (["not an address", "127.0.0.1"], "127.0.0.1"),
        (["192.0.2.7", "not an address", "127.0.0.1"], "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1"),
    ],
)
def test_the_last_hop_not_trusted_is_the_client(hops: list[str], expected: str) -> None:
    assert nearest_untrusted(hops, TRUSTED) == expected


def test_without_trusted_proxies_the_peer_is_the_client() -> None:
    assert nearest_untrusted(["192.0.2.7", "127.0.0.1"], ()) == "127.0.0.1"
