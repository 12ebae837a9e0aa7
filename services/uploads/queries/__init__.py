"""What can be asked about evidence."""

from services.uploads.queries.files import (
    FileJson,
    FilesJson,
    SheetFilesJson,
    accepted_files,
    asked_for,
    file_at,
    file_json,
    files_at,
    files_of_sheet,
    folder_of_sheet,
    is_submitted,
    same_files,
    transfer_at,
)
from services.uploads.queries.lacking import (
    LackingJson,
    LackingSheetJson,
    lacking_of_centre,
    lacking_of_moderator,
    lacking_of_paper,
    lacking_of_sheet,
    nothing_lacks,
)
from services.uploads.queries.quota import quota_of
from services.uploads.queries.sampled import IS_SAMPLED

__all__ = [
    "IS_SAMPLED",
    "FileJson",
    "FilesJson",
    "LackingJson",
    "LackingSheetJson",
    "SheetFilesJson",
    "accepted_files",
    "asked_for",
    "file_at",
    "file_json",
    "files_at",
    "files_of_sheet",
    "folder_of_sheet",
    "is_submitted",
    "lacking_of_centre",
    "lacking_of_moderator",
    "lacking_of_paper",
    "lacking_of_sheet",
    "nothing_lacks",
    "quota_of",
    "same_files",
    "transfer_at",
]
