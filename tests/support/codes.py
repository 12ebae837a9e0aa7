"""The codes of an app for sign-in, as somebody uses them who shares the account with others."""

import time
from collections.abc import Iterator

import pyotp

STEP_SECONDS = 30
# The clock of the server may be a moment behind.
MOMENT_SECONDS = 0.5
# One step of drift is allowed, to both sides.
DRIFT = 1
LATER = 2


def codes(secret: str) -> Iterator[str]:
    """Those that are valid now, then of the following steps, each when it has become valid.

    Each is taken once: another client may have used it, and the next one is tried.
    """
    totp, now = pyotp.TOTP(secret), int(time.time()) // STEP_SECONDS
    for step in range(now - DRIFT, now + DRIFT + LATER + 1):
        valid_from = (step - DRIFT) * STEP_SECONDS + MOMENT_SECONDS
        time.sleep(max(0.0, valid_from - time.time()))
        yield totp.at(step * STEP_SECONDS)
