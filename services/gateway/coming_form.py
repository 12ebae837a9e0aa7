"""A form whose files are handed on as they come: none of them is kept here, however large."""

from collections.abc import Iterator

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.sansio.multipart import Data, Epilogue, Field, File

from services.gateway.upstream import CHUNK
from shared.files.incoming import PartContent, Parts, Stream

# A group's form has a field for each sampled candidate.
MOST_PARTS = 1000


class ComingForm:
    """A form of `multipart/form-data`, read as far as its first file when made.

    `fields` are those that have come. Raises what `Parts` does, here and at any `read` of a file.
    """

    def __init__(self, stream: Stream, boundary: bytes) -> None:
        self.fields: MultiDict[str, str] = MultiDict()
        self._parts = Parts(stream, boundary, MOST_PARTS)
        self._next = self._next_file()

    def files(self) -> Iterator[FileStorage]:
        """Each file, to be read before the next one is asked for; what is left of it is let go."""
        while (file := self._next) is not None:
            content = PartContent(self._parts)
            yield FileStorage(
                content,  # type: ignore[arg-type]  # of a stream `read` is used, and nothing else
                file.filename,
                file.name,
                headers=file.headers,
            )
            while content.read(CHUNK):
                continue
            self._next = self._next_file()

    def _next_file(self) -> File | None:
        """Reads on to the next file; None at the end of the form."""
        name, said = "", b""
        while not isinstance(event := self._parts.event(), Epilogue):
            if isinstance(event, File):
                return event
            if isinstance(event, Field):
                name, said = event.name, b""
            elif isinstance(event, Data):
                said += self._parts.beside(event)
                if not event.more_data:
                    self.fields.add(name, said.decode(errors="replace"))
        return None
