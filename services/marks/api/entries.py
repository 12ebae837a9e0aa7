"""HTTP of entries: the board's CSV or EDI."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.marks.access import LOAD_ENTRIES
from services.marks.commands.edi import EDI
from services.marks.commands.entries import ImportCounts, import_entries, read_bytes
from services.marks.routes import ROUTES
from shared.spreadsheets import CSV
from shared.web.fields import Flag
from shared.web.routes import Call, Json

LONGEST_NAME = 255


class ImportQuery(BaseModel):
    """`dry_run` only tells what the file would change; `file_name` is that of an EDI file.

    With `any_sequence` one may be loaded again, after a later one, or under any name.
    """

    model_config = ConfigDict(extra="ignore")

    dry_run: Flag = False
    file_name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    any_sequence: Flag = False


# A dry run of a large file must keep nobody from saving: it needs no transaction that writes, and
# so this opens its own (`streams`).
@ROUTES.post(
    "/imports/entries",
    access=LOAD_ENTRIES,
    raw=f"{CSV}, {EDI}",
    query=ImportQuery,
    streams=True,
    returns=ImportCounts,
)
def post_entries(call: Call, raw: bytes, query: ImportQuery) -> Json:
    """Load the board's entries, or only tell what the file would change."""
    file = read_bytes(raw, query.file_name)
    if query.dry_run:
        with call.database.reading() as session:
            return import_entries(session, file, call.principal, dry_run=True)
    return call.database.run(
        lambda session: import_entries(
            session, file, call.principal, any_sequence=query.any_sequence
        )
    )
