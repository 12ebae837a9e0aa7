"""All evidence of a sheet in one ZIP, made while it is sent: nothing of it is kept meanwhile."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

from zipstream import ZipStream

from services.uploads.domain.names import Names
from services.uploads.models import EvidenceFile
from shared.storage import Storage

GROUP = "group"


@dataclass
class Archive:
    """The bytes of the archive; its length is known before any is made. `close` it."""

    stream: ZipStream = field(default_factory=lambda: ZipStream(sized=True))
    # What is being sent, so that it is let go where the reader goes away.
    chunks: Iterator[bytes] | None = None

    def __iter__(self) -> Iterator[bytes]:
        self.chunks = iter(self.stream)
        yield from self.chunks

    def __len__(self) -> int:
        return len(self.stream)

    def close(self) -> None:
        if isinstance(self.chunks, Generator):
            self.chunks.close()


def archive_of(storage: Storage, folder: str, files: Iterable[EvidenceFile]) -> Archive:
    """The files as `folder/1001/work.pdf`; of two with one name the second is `work (2).pdf`.

    They are stored and not compressed: evidence is mostly pictures, films and documents, which are.
    """
    archive, names = Archive(), Names()
    for file in files:
        name = names.free(f"{folder}/{file.candidate_no or GROUP}", file.name)
        archive.stream.add(_content(storage, file.object_key), name, size=file.size)
    return archive


def _content(storage: Storage, key: str) -> Iterator[bytes]:
    """The object, opened when it is its turn."""
    with closing(storage.open(key)) as download:
        yield from download
