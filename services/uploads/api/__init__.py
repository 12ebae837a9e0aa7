"""The HTTP of uploads. Importing the modules completes the route table."""

from services.uploads.api import archive, files, lacking, transfers
from services.uploads.api.table import ROUTES

__all__ = ["ROUTES", "archive", "files", "lacking", "transfers"]
