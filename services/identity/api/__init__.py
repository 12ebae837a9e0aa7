"""The HTTP of identity. Importing the modules completes the route table."""

from services.identity.api import (
    account,
    allocations,
    centres,
    joining,
    own,
    own_address,
    people,
    second_factor,
    sign_in,
    tools,
    trail,
    users,
)
from services.identity.api.table import ROUTES

__all__ = [
    "ROUTES",
    "account",
    "allocations",
    "centres",
    "joining",
    "own",
    "own_address",
    "people",
    "second_factor",
    "sign_in",
    "tools",
    "trail",
    "users",
]
