"""The pages, one module for each group; importing them fills the table."""

from services.gateway.page import PAGES
from services.gateway.pages import (
    account,
    allocations,
    candidates,
    centres,
    entries,
    evidence,
    marksheet,
    menu,
    moderators,
    reports,
    sample,
    sign_in,
    sign_in_steps,
    submission,
)

__all__ = [
    "PAGES",
    "account",
    "allocations",
    "candidates",
    "centres",
    "entries",
    "evidence",
    "marksheet",
    "menu",
    "moderators",
    "reports",
    "sample",
    "sign_in",
    "sign_in_steps",
    "submission",
]
