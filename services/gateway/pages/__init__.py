"""The pages, one module for each group; importing them fills the table."""

from services.gateway.page import PAGES
from services.gateway.pages import (
    account,
    allocations,
    centres,
    marksheet,
    menu,
    moderator,
    sign_in,
    sign_in_steps,
)

__all__ = [
    "PAGES",
    "account",
    "allocations",
    "centres",
    "marksheet",
    "menu",
    "moderator",
    "sign_in",
    "sign_in_steps",
]
