"""HTTP in, HTTP out: the reports of a centre."""

from services.reports.api import (
    approvals,
    bundle,
    bundles,
    cover_sheets,
    details,
    moderator_reports,
    report_files,
)
from services.reports.api.table import ROUTES

__all__ = [
    "ROUTES",
    "approvals",
    "bundle",
    "bundles",
    "cover_sheets",
    "details",
    "moderator_reports",
    "report_files",
]
