"""The use cases: keeping a file, taking one out of view, having it scanned."""

from services.uploads.commands.admission import check_upload
from services.uploads.commands.files import delete_file, keep_file

__all__ = ["check_upload", "delete_file", "keep_file"]
