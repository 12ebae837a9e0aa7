"""What one service tells fits where another keeps it: SQLite would not say that it does not."""

import pytest
from sqlalchemy import String, Table

from services.marks.domain.new_paper import LONGEST_OUTCOME
from shared.audit import LONGEST_NAME
from shared.service import Service, load_service, service_names

SERVICES = [load_service(name) for name in service_names()]


def lengths(table: Table | None) -> dict[str, int]:
    """The most characters that the columns hold which have a bound, by their names."""
    columns = () if table is None else table.columns
    return {
        column.name: column.type.length
        for column in columns
        if isinstance(column.type, String) and column.type.length
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_paper_is_kept_as_marks_tells_it(service: Service) -> None:
    told = lengths(load_service("marks").metadata.tables["papers"])
    told["not_classified"] = LONGEST_OUTCOME
    kept = lengths(service.metadata.tables.get("papers"))
    assert {name for name, length in kept.items() if length < told.get(name, 0)} == set()


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_who_did_something_is_kept_with_their_whole_name(service: Service) -> None:
    tables = service.metadata.tables.values()
    assert {t.name for t in tables if lengths(t).get("by", LONGEST_NAME) < LONGEST_NAME} == set()
