"""The use cases: keeping a file, saying anew what it is, taking one out of view."""

from services.uploads.commands.admission import check_upload
from services.uploads.commands.describing import describe_file
from services.uploads.commands.files import delete_file, keep_file

__all__ = ["check_upload", "delete_file", "describe_file", "keep_file"]
