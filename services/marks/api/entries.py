"""HTTP of entries: the board's CSV."""

import io

from pydantic import BaseModel, ConfigDict

from services.marks.commands.entries import ImportCounts, import_entries, read_file
from services.marks.routes import ROUTES
from shared.access.rules import BOARD
from shared.web.routes import Call, Json


class ImportQuery(BaseModel):
    """`dry_run` only tells what the file would change."""

    model_config = ConfigDict(extra="ignore")

    dry_run: bool = False


# A dry run of a large file must keep nobody from saving: it needs no transaction that writes, and
# so this opens its own (`streams`).
@ROUTES.post(
    "/imports/entries",
    access=BOARD,
    raw="text/csv",
    query=ImportQuery,
    streams=True,
    returns=ImportCounts,
)
def post_entries(call: Call, raw: bytes, query: ImportQuery) -> Json:
    """Load the board's entries, or only tell what the file would change."""
    file = read_file(io.BytesIO(raw))
    database = call.database
    with database.reading() if query.dry_run else database.transaction() as session:
        return import_entries(session, file, call.principal, dry_run=query.dry_run)
