"""Codes that somebody guesses who knows the password.

Of a million codes three are right at a time: a hundred guesses hit once in 3,000 times, and by then
it is clear that the password is a secret no more.
"""

TOLD_AT = 10
ENDED_AT = 100


def is_told(wrong_codes: int) -> bool:
    """Whether the owner is to hear of it now."""
    return wrong_codes == TOLD_AT


def ends_password(wrong_codes: int) -> bool:
    """Whether the password is to be good no longer."""
    return wrong_codes >= ENDED_AT
