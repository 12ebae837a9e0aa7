"""The HTTP of marks: each module adds its routes to the table, which is whole once this is read."""

from services.marks.api import (
    clerical_errors,
    entries,
    lists,
    marks,
    marksheet,
    papers,
    submission,
)
from services.marks.routes import ROUTES

__all__ = [
    "ROUTES",
    "clerical_errors",
    "entries",
    "lists",
    "marks",
    "marksheet",
    "papers",
    "submission",
]
