"""The tables of reports."""

from services.reports.models.base import (
    Base,
)
from services.reports.models.made import (
    Bundle,
    BundlePart,
    Reminder,
)
from services.reports.models.told import (
    OF_THE_GROUP,
    Candidate,
    Correction,
    EvidenceFile,
    Extension,
    Heard,
    Lack,
    Paper,
    Submission,
)
from services.reports.models.written import (
    ModeratorReport,
    ReportFile,
)

__all__ = [
    "OF_THE_GROUP",
    "Base",
    "Bundle",
    "BundlePart",
    "Candidate",
    "Correction",
    "EvidenceFile",
    "Extension",
    "Heard",
    "Lack",
    "ModeratorReport",
    "Paper",
    "Reminder",
    "ReportFile",
    "Submission",
]
