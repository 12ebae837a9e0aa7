"""Statements are told by the tables that they name."""

import pytest

from tests.bench.asked import tables_of


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT a.b FROM a LEFT OUTER JOIN c ON a.b = c.b WHERE a.b = 1", "a, c"),
        ("UPDATE sheets SET cursor=1 WHERE sheets.centre_no = '68101'", "sheets"),
        (
            "WITH moved AS \n(UPDATE sheets SET cursor=1)\n INSERT INTO mark_changes (at) SELECT 1",
            "sheets, mark_changes",
        ),
        ("SELECT a FROM json_to_recordset('[]') AS given(a DATE)", ""),
    ],
)
def test_the_tables_of_a_statement(statement: str, tables: str) -> None:
    assert tables_of(statement) == tables
