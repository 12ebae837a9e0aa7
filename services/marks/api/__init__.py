"""The HTTP of marks: each module adds its routes to the table, which is whole once this is read."""

from services.marks.api import (
    clerical_errors,
    documents,
    entries,
    exports,
    lists,
    mark_files,
    marks,
    marksheet,
    nearest,
    paper_drafts,
    papers,
    progress,
    reopening,
    requests,
    submission,
)
from services.marks.routes import ROUTES

__all__ = [
    "ROUTES",
    "clerical_errors",
    "documents",
    "entries",
    "exports",
    "lists",
    "mark_files",
    "marks",
    "marksheet",
    "nearest",
    "paper_drafts",
    "papers",
    "progress",
    "reopening",
    "requests",
    "submission",
]
