"""The accounts of a centre as a table: taken home, and brought back."""

import io
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict

from services.identity.access import MANAGE_USERS
from services.identity.api.table import ROUTES
from services.identity.commands import users_import
from services.identity.commands.invitations import Temporary
from services.identity.domain import users_file
from services.identity.queries.members import MemberView
from shared.csv_lines import joined
from shared.spreadsheets import CSV
from shared.web.fields import Flag
from shared.web.routes import Call

COLUMNS = tuple(column.name for column in users_file.COLUMNS)


class ImportQuery(BaseModel):
    """`dry_run` only tells what the file would change."""

    model_config = ConfigDict(extra="ignore")

    dry_run: Flag = False


# Passwords of those invited take their time: they are made outside a transaction (`streams`).
@ROUTES.post(
    "/centres/<centre_no>/users/import",
    access=MANAGE_USERS,
    raw=CSV,
    query=ImportQuery,
    streams=True,
    returns=users_import.UsersImportJson,
    refusals=(409, 429),
)
def import_users(
    call: Call, raw: bytes, query: ImportQuery, centre_no: str
) -> users_import.UsersImportJson:
    """Invite and change accounts as a file says, all or nothing, or only tell what it would do.

    A line is one account, found by its email address; those that are not named stay.
    """
    file, who = users_import.read_file(io.BytesIO(raw)), call.principal
    with call.database.reading() as session:
        looked = users_import.try_import(session, who, centre_no, file)
    if query.dry_run:
        return looked
    new = [change["email"] for change in looked["changes"] if change["action"] == "invited"]
    temporaries = {email: Temporary.make() for email in new}
    return call.database.run(
        lambda session: users_import.import_users(session, who, centre_no, file, temporaries)
    )


def lines(found: Iterable[MemberView]) -> Iterator[list[str]]:
    """The names of the columns, and a line for each account."""
    yield list(COLUMNS)
    for member in found:
        yield _line(member)


def _line(member: MemberView) -> list[str]:
    restrictions = member["restrictions"]
    return [
        member["first_name"],
        member["last_name"],
        member["email"],
        member["language"],
        member["account_type"],
        "yes" if member["iamis"] else "no",
        member["status"],
        joined(restrictions["qualifications"]),
        joined(restrictions["papers"]),
        joined(restrictions["teaching_sets"]),
    ]
