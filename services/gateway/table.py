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


def limit_bytes(limit: Limit, max_file_bytes: int) -> int:
    """The largest body in bytes."""
    return max_file_bytes + ENVELOPE if limit == FILE_LIMIT else limit


@dataclass(frozen=True)
class Upstream:
    """One line: a prefix, the service behind it, and what it may take.

    `limit` is the largest body in bytes (`FILE_LIMIT`: what the settings allow for one file); a
    service may allow less and says so itself. `read_seconds` bounds each wait for its answer.
    """

    prefix: str
    service: str
    limit: Limit
    read_seconds: Seconds = 30.0

    def limit_bytes(self, max_file_bytes: int) -> int:
        return limit_bytes(self.limit, max_file_bytes)


TABLE = (
    Upstream("/api/identity/", "identity", limit=MIB),
    # Given up within the lease of a browser session, which is within identity's grace: a token
    # traded twice because the first answer was lost is then no copied one.
    Upstream("/api/identity/token/", "identity", limit=MIB, read_seconds=8.0),
    Upstream("/api/marks/", "marks", limit=CSV_LIMIT),
    Upstream("/api/marks/imports/", "marks", limit=CSV_LIMIT, read_seconds=300.0),
    Upstream("/api/sampling/", "sampling", limit=MIB),
    Upstream("/api/uploads/", "uploads", limit=FILE_LIMIT, read_seconds=300.0),
    Upstream("/api/reports/", "reports", limit=REPORT_FILE_LIMIT, read_seconds=60.0),
)
SERVICES = tuple(sorted({upstream.service for upstream in TABLE}))


def upstream_of(path: str) -> Upstream | None:
    """The line for a path, percent-encoded as it came; `None` where nobody answers."""
    found = [upstream for upstream in TABLE if path.startswith(upstream.prefix)]
    return max(found, key=lambda upstream: len(upstream.prefix), default=None)
