"""What a service account may be allowed; access rules of the services name these."""

from typing import Literal, get_args

Scope = Literal["marks:read", "entries:write", "samples:read", "evidence:read", "reports:read"]
SCOPES: tuple[str, ...] = get_args(Scope)


def granted(held: list[str], wanted: str) -> list[str] | None:
    """The scopes of a token; `wanted` (RFC 6749, 3.3) may ask for fewer. None for too many."""
    asked = wanted.split() or held
    return sorted(set(asked)) if set(asked) <= set(held) else None
