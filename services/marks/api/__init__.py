"""The HTTP of marks: each module adds its routes to the table, which is whole once this is read."""

from services.marks.api import entries, lists, papers
from services.marks.routes import ROUTES

__all__ = ["ROUTES", "entries", "lists", "papers"]
