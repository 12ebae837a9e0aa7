"""Tables as Parquet, a group of rows at a time, so that any length needs the same memory."""

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from shared.spreadsheets import Row

PARQUET = "application/vnd.apache.parquet"
ROWS = 20_000


class _Sink:
    """A file that is only written to, and read by nobody but us."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._position = 0

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        """There is nothing between us and the reader."""

    def taken(self) -> bytes:
        taken = b"".join(self._written)
        self._written.clear()
        return taken


def as_parquet(columns: Mapping[str, type], rows: Iterable[Row]) -> Iterator[bytes]:
    """The rows in chunks; each column is of `str`, `int` or `bool`, and may be null."""
    # Loaded where it is asked for: no other answer needs it, and it is large.
    arrow = pkgutil.resolve_name("pyarrow")
    types = {str: arrow.string(), int: arrow.int64(), bool: arrow.bool_()}
    schema = arrow.schema([(name, types[kind]) for name, kind in columns.items()])
    sink, rest = _Sink(), iter(rows)
    with pkgutil.resolve_name("pyarrow.parquet:ParquetWriter")(sink, schema) as writer:
        while group := list(islice(rest, ROWS)):
            values = dict(zip(columns, map(list, zip(*group, strict=True)), strict=True))
            writer.write_table(arrow.table(values, schema=schema))
            yield sink.taken()
    yield sink.taken()
