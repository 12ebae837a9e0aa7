"""Many requests of one browser at the same moment: one refreshes the token, and only one.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from services.gateway import commands
from services.gateway.commands import LEASE, SealedTokens
from tests.support.service import ServiceUnderTest
from tests.support.together import together

NOON = datetime(2031, 5, 1, 12, tzinfo=UTC)
AFTER_LEASE = NOON + LEASE + timedelta(seconds=1)


def tokens(refresh: str) -> SealedTokens:
    return SealedTokens("access", NOON, refresh, {"id": "u1"})


@pytest.fixture
def opened(gateway: ServiceUnderTest) -> ServiceUnderTest:
    with gateway.transaction() as session:
        commands.open_session(session, "key", tokens("r1"), NOON)
    return gateway


def claim(gateway: ServiceUnderTest, refresh: str, now: datetime) -> bool:
    with gateway.transaction() as session:
        return commands.claim_refresh(session, "key", refresh, now)


def claims(gateway: ServiceUnderTest, refresh: str, now: datetime) -> list[bool]:
    return sorted(together(*[partial(claim, gateway, refresh, now)] * 6))


def test_one_of_many_has_the_lease(opened: ServiceUnderTest) -> None:
    assert claims(opened, "r1", NOON) == [False] * 5 + [True]
    assert claims(opened, "r1", NOON) == [False] * 6
    # Whoever had it is gone: one of the others goes on.
    assert claims(opened, "r1", AFTER_LEASE) == [False] * 5 + [True]


def test_a_token_that_was_traded_is_traded_no_more(opened: ServiceUnderTest) -> None:
    assert claim(opened, "r1", NOON)
    with opened.transaction() as session:
        commands.keep_tokens(session, "key", tokens("r2"))
    assert claims(opened, "r1", NOON) == [False] * 6
    assert claims(opened, "r2", NOON) == [False] * 5 + [True]
