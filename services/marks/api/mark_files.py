"""HTTP of marks in files: the marksheet taken home as CSV or XLSX, and brought back."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.marks.access import MAY_MARK, MAY_SEE_WHAT_IS_LEFT
from services.marks.commands.edi import EDI, marks_as_edi
from services.marks.commands.mark_import import (
    MarksImportJson,
    import_marks,
    read_marks_file,
    try_marks,
)
from services.marks.domain.mark_file import SheetFile
from services.marks.domain.sheet import SheetKey
from services.marks.queries.mark_files import mark_rows
from services.marks.routes import ROUTES
from shared.access.teaching_sets import only_sets
from shared.spreadsheets import CSV, XLSX, as_csv, as_xlsx, file_name
from shared.web.downloads import download
from shared.web.fields import Flag
from shared.web.routes import Call, Json, Reply

_SHEET = "/centres/<centre_no>/papers/<paper_id>"
LARGEST_CURSOR = 2**63 - 1


class FileQuery(BaseModel):
    """As what the marksheet is wanted."""

    model_config = ConfigDict(extra="ignore")

    format: Literal["csv", "xlsx", "edi"] = "csv"


class ImportQuery(BaseModel):
    """`dry_run` only tells what the file would change.

    `seen` is the cursor of a dry run that the user has looked at: what it showed may be
    overwritten, and what changed since may not.
    """

    model_config = ConfigDict(extra="ignore")

    dry_run: Flag = False
    seen: Annotated[int, Field(ge=0, le=LARGEST_CURSOR)] | None = None


@ROUTES.get(
    _SHEET + "/exports/marks",
    access=MAY_SEE_WHAT_IS_LEFT,
    query=FileQuery,
    media=(CSV, XLSX, EDI),
    refusals=(409,),
)
def get_marks_file(call: Call, query: FileQuery, centre_no: str, paper_id: str) -> Reply:
    """The marksheet as a file with the marks so far, to be imported again."""
    file, rows = mark_rows(call.session, centre_no, paper_id, only_sets(call.principal, centre_no))
    if query.format == "edi":
        name, content = marks_as_edi(file, rows)
        return download(content, EDI, name)
    name = f"{_name(file)}.{query.format}"
    if query.format == "xlsx":
        return download(as_xlsx(rows, "Marks"), XLSX, name)
    return download(as_csv(rows), f"{CSV}; charset=utf-8", name)


# The file is read before a transaction is open, and a dry run needs none that writes: neither
# keeps anybody from saving.
@ROUTES.post(
    _SHEET + "/imports/marks",
    access=MAY_MARK,
    raw=f"{CSV}, {XLSX}, {EDI}",
    query=ImportQuery,
    streams=True,
    returns=MarksImportJson,
    refusals=(409,),
)
def post_marks_file(
    call: Call, raw: bytes, query: ImportQuery, centre_no: str, paper_id: str
) -> Json:
    """Load marks from a file, all of it or nothing, or only tell what it would change."""
    file, key = read_marks_file(raw), SheetKey(centre_no, paper_id)
    if query.dry_run:
        with call.database.reading() as session:
            return try_marks(session, call.principal, key, file, query.seen)
    return call.database.run(
        lambda session: import_marks(session, call.principal, key, file, query.seen)
    )


def _name(file: SheetFile) -> str:
    return file_name("marks", file.centre_no, file.paper_code, file.series)
