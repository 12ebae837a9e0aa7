"""Which service answers what under `/api`: data, and the longest prefix wins."""

from dataclasses import dataclass
from typing import Literal

MIB = 1024 * 1024
# Multipart wraps a file in a few headers; a CSV import has nothing around it.
ENVELOPE = MIB
CSV_LIMIT = 64 * MIB
# A file with a moderator's report; the service takes a little less, and says so.
REPORT_FILE_LIMIT = 20 * MIB + ENVELOPE

Seconds = float
Limit = int | Literal["file"]
FILE_LIMIT: Literal["file"] = "file"
MULTIPART = "multipart/form-data"


def limit_bytes(limit: Limit, max_file_bytes: int) -> int:
    """The largest body in bytes."""
    return max_file_bytes + ENVELOPE if limit == FILE_LIMIT else limit


@dataclass(frozen=True)
class Files:
    """Addresses by their end: a file that comes there as multipart may have `limit` bytes."""

    suffix: str
    limit: int

    def takes(self, path: str, media_type: str) -> bool:
        return media_type == MULTIPART and path.endswith(self.suffix)


@dataclass(frozen=True)
class Upstream:
    """One line: a prefix, the service behind it, and what it may take.

    `limit` is the largest body in bytes (`FILE_LIMIT`: what the settings allow for one file), but
    of `files`; a service may allow less and says so itself. `read_seconds` bounds each wait for
    its answer.
    """

    prefix: str
    service: str
    limit: Limit
    read_seconds: Seconds = 30.0
    files: Files | None = None

    def limit_bytes(self, path: str, media_type: str, max_file_bytes: int) -> int:
        """The largest body of that type in bytes that the path takes."""
        if self.files and self.files.takes(path, media_type):
            return self.files.limit
        return limit_bytes(self.limit, max_file_bytes)


REPORT_FILES = Files("/moderator-report/files", REPORT_FILE_LIMIT)
TABLE = (
    Upstream("/api/identity/", "identity", limit=MIB),
    # Given up within the lease of a browser session, which is within identity's grace: a token
    # traded twice because the first answer was lost is then no copied one.
    Upstream("/api/identity/token/", "identity", limit=MIB, read_seconds=8.0),
    Upstream("/api/marks/", "marks", limit=CSV_LIMIT),
    Upstream("/api/marks/imports/", "marks", limit=CSV_LIMIT, read_seconds=300.0),
    Upstream("/api/sampling/", "sampling", limit=MIB),
    Upstream("/api/uploads/", "uploads", limit=FILE_LIMIT, read_seconds=300.0),
    Upstream("/api/reports/", "reports", limit=MIB, read_seconds=60.0, files=REPORT_FILES),
)
SERVICES = tuple(sorted({upstream.service for upstream in TABLE}))


def upstream_of(path: str) -> Upstream | None:
    """The line for a path, percent-encoded as it came; `None` where nobody answers."""
    found = [upstream for upstream in TABLE if path.startswith(upstream.prefix)]
    return max(found, key=lambda upstream: len(upstream.prefix), default=None)
