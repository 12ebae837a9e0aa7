"""Many rows given to one statement on PostgreSQL, as one parameter.

A statement for each row costs a message, its values and an answer each; this costs one of each.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, Table, Text, bindparam, cast, column, func
from sqlalchemy.sql.selectable import TableValuedAlias


def recordset(table: Table, names: Sequence[str], parameter: str) -> TableValuedAlias:
    """The rows of the parameter with that name, with columns as the table has them."""
    given = cast(bindparam(parameter, type_=Text), JSON)
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.json_to_recordset(given).table_valued(*columns, name=parameter)
    return rows.render_derived(name=parameter, with_types=True)


def as_parameter(rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows as the parameter of a recordset."""
    return json.dumps(rows)
