"""Whether the tables of a database are those of this release, asked without loading Alembic."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import String, column, func, literal, select, table
from sqlalchemy.exc import DBAPIError

from shared.db import Database, is_away

PLATFORM_FOLDER = Path(__file__).resolve().parent / "migrations"
PLATFORM_TABLE = "alembic_version_platform"
OWN_TABLE = "alembic_version"

# The newest revision of each chain, by the table that tells which one a database has.
Needed = Mapping[str, str]


def needed_by(folder: Path) -> Needed:
    """What the service whose code is in `folder` needs; a chain that is empty needs nothing."""
    chains = {PLATFORM_TABLE: PLATFORM_FOLDER, OWN_TABLE: folder / "migrations"}
    newest = {name: _newest(chain) for name, chain in chains.items()}
    return {name: number for name, number in newest.items() if number}


def _newest(chain: Path) -> str:
    return max((file.stem for file in chain.glob("[0-9]*.py")), default="")


def are_there(database: Database, needed: Needed) -> bool:
    """Whether the tables are of these revisions, or of later ones that were here before."""
    number = column("version_num", String)
    asked = [select(func.max(number)).select_from(table(one)).scalar_subquery() for one in needed]
    try:
        with database.reading() as session:
            _one, *there = session.execute(select(literal(1), *asked)).one()
    except DBAPIError as error:
        if is_away(error):
            raise
        return False
    return all((has or "") >= least for has, least in zip(there, needed.values(), strict=True))
