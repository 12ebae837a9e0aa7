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
from services.uploads.queries.lacking import LackingJson, lacking_of_centre, lacking_of_moderator

__all__ = [
    "FileJson",
    "FilesJson",
    "LackingJson",
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
    "same_files",
    "transfer_at",
]
