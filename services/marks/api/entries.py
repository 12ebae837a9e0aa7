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


@ROUTES.post(
    "/imports/entries", access=BOARD, raw="text/csv", query=ImportQuery, returns=ImportCounts
)
def post_entries(call: Call, raw: bytes, query: ImportQuery) -> Json:
    file = read_file(io.BytesIO(raw))
    return import_entries(call.session, file, call.principal, dry_run=query.dry_run)
