"""Reading the file out of a multipart body, whatever way it arrives."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import ClientDisconnected

from shared.errors import BadRequestError, PayloadTooLargeError, ProblemError, UnprocessableError
from shared.files.incoming import (
    AROUND_BYTES,
    BESIDE_BYTES,
    BUFFER_BYTES,
    MOST_PARTS,
    IncomingFile,
)
from tests.unit.uploads.builders import BOUNDARY, body, part

LARGEST = 10 * 2**20
NAMED = 'name="file"; filename="work.pdf"'


class Dribble:
    """Gives a body in pieces of these sizes, over and over, whatever is asked for."""

    def __init__(self, content: bytes, sizes: list[int]) -> None:
        self._content = io.BytesIO(content)
        self._sizes = sizes
        self._turn = 0

    @property
    def given(self) -> int:
        return self._content.tell()

    def read(self, size: int, /) -> bytes:
        self._turn += 1
        return self._content.read(min(size, self._sizes[self._turn % len(self._sizes)]))


class Broken:
    """A body whose sender goes away."""

    def __init__(self, content: bytes, error: Exception) -> None:
        self._content = io.BytesIO(content)
        self._error = error

    def read(self, size: int, /) -> bytes:
        data = self._content.read(size)
        if not data:
            raise self._error
        return data


def incoming(content: bytes) -> IncomingFile:
    return IncomingFile(io.BytesIO(content), BOUNDARY.encode(), LARGEST)


def drain(file: IncomingFile, size: int = 1000) -> bytes:
    return b"".join(iter(lambda: file.read(size), b""))


def refusal(content: bytes) -> ProblemError:
    with pytest.raises(ProblemError) as error:
        drain(incoming(content))
    return error.value


@given(
    content=st.binary(min_size=1, max_size=3000)
    | st.lists(st.sampled_from([b"\r\n", b"--", BOUNDARY.encode(), b"\r", b"\n", b"x"]), min_size=1)
    .map(b"".join)
    .filter(lambda made: f"--{BOUNDARY}".encode() not in made),
    sizes=st.lists(st.integers(1, 700), min_size=1, max_size=5),
    asked=st.integers(1, 5000),
)
def test_the_content_is_the_same_however_it_arrives(
    content: bytes, sizes: list[int], asked: int
) -> None:
    file = IncomingFile(Dribble(body(part(content)), sizes), BOUNDARY.encode(), LARGEST)
    assert drain(file, asked) == content
    assert file.read(asked) == b""


@pytest.mark.parametrize("content", [b"x", b"x\r", b"x\n", b"\r\n", b"x\r\n-", b"\r\r\r\n--"])
def test_the_content_is_the_same_wherever_the_body_is_cut(content: bytes) -> None:
    whole = body(part(content), part(b"said", 'name="note"'))
    for cut in range(1, len(whole)):
        pieces = Dribble(whole, [len(whole), cut])
        assert drain(IncomingFile(pieces, BOUNDARY.encode(), LARGEST)) == content, cut


def test_a_read_gives_no_more_than_asked() -> None:
    file = incoming(body(part(b"0123456789")))
    assert (file.read(4), file.read(4), file.read(4)) == (b"0123", b"4567", b"89")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (NAMED, "work.pdf"),
        ('name="file"; filename="../../x"', "x"),
        ('name="file"; filename="a\u202egpj.exe"', "agpj.exe"),
        (r'name="file"; filename="C:\Users\work.pdf"', "work.pdf"),
        (r'name="file"; filename="C:\\Users\\work.pdf"', "work.pdf"),
        (r'name="file"; filename="\\server\share\work.pdf"', "work.pdf"),
        (r'name="file"; filename="the \"work\".pdf"', 'the "work".pdf'),
        ("name=\"file\"; filename*=UTF-8''Gwaith%20%C5%B4yn.pdf", "Gwaith Ŵyn.pdf"),
        ('name="file"; filename=""', "file"),
        ('name="file"', "file"),
        (f'name="file"; filename="{"a" * 300}.pdf"', "a" * 251 + ".pdf"),
    ],
)
def test_the_name_is_cleaned(disposition: str, name: str) -> None:
    file = incoming(body(part(b"x", disposition)))
    assert file.name == name
    assert drain(file) == b"x"


def test_a_name_that_is_not_utf8_is_no_error() -> None:
    content = body(part(b"x")).replace(b"work.pdf", "r\u00e9sum\u00e9.pdf".encode("latin-1"))
    file = incoming(content)
    assert file.name == "r\ufffdsum\ufffd.pdf"
    assert drain(file) == b"x"


@pytest.mark.parametrize(
    ("header", "content_type"),
    [
        ("Content-Type: application/pdf", "application/pdf"),
        ("content-type: Text/HTML; charset=utf-8", "text/html"),
        ("Content-Type: image/svg+xml", "image/svg+xml"),
        ("Content-Type: nonsense", "application/octet-stream"),
        ("Content-Type: a/b/c", "application/octet-stream"),
        ("Content-Type: text/é", "application/octet-stream"),
        (f"Content-Type: text/{'x' * 200}", "application/octet-stream"),
        ("X-Other: 1", "application/octet-stream"),
    ],
)
def test_the_content_type_is_the_senders_where_it_is_one(header: str, content_type: str) -> None:
    assert incoming(body(part(b"x", NAMED, header))).content_type == content_type


@pytest.mark.parametrize(
    "content",
    [
        body(),
        body(part(b"x", 'name="upload"; filename="work.pdf"')),
        body(part(b"x", 'name="note"')),
        body(part(b"x", "filename=work.pdf")),
        body(part(b"")),
        body(part(b"", 'name="file"; filename=""')),
        body(part(b"one"), part(b"two")),
        body(part(b"one"), part(b"two", 'name="other"; filename="b"')),
    ],
)
def test_not_exactly_one_file_is_refused(content: bytes) -> None:
    refused = refusal(content)
    assert isinstance(refused, UnprocessableError)
    assert [field.pointer for field in refused.errors] == ["/file"]


def test_other_fields_of_the_form_are_passed_over() -> None:
    note = part(b"said", 'name="note"')
    assert drain(incoming(body(note, part(b"x"), note))) == b"x"


def test_the_fields_beside_the_file_have_a_bound() -> None:
    note = part(b"n" * (BESIDE_BYTES + 1), 'name="note"')
    assert isinstance(refusal(body(note, part(b"x"))), PayloadTooLargeError)
    assert isinstance(refusal(body(part(b"x"), note)), PayloadTooLargeError)


def test_the_parts_have_a_bound() -> None:
    empty = [part(b"", 'name="note"')] * (MOST_PARTS - 1)
    assert drain(incoming(body(*empty, part(b"x")))) == b"x"
    assert isinstance(refusal(body(*empty, part(b"x"), part(b"", 'name="note"'))), BadRequestError)


@pytest.mark.parametrize("sizes", [[2**20], [5000]])
def test_a_body_that_tells_no_length_has_a_bound(sizes: list[int]) -> None:
    """Headers are no content of the file: the store, which counts that, sees none of them."""
    heavy = part(b"", 'name="note"', "X-Long: " + "x" * 2**19)
    sent = Dribble(body(*[heavy] * 50, part(b"x")), sizes)
    with pytest.raises(PayloadTooLargeError):
        drain(IncomingFile(sent, BOUNDARY.encode(), 2**20))
    assert sent.given <= 2**20 + AROUND_BYTES + sizes[0]


WHOLE = body(part(b"content"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no multipart at all",
        *(WHOLE[:end] for end in range(0, len(WHOLE) - 4, 7)),
        body(part(b"x")).replace(BOUNDARY.encode(), b"another"),
        f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n--{BOUNDARY}--".encode(),
        body(part(b"x", NAMED, "X-Long: " + "x" * BUFFER_BYTES)),
        b"x" * BUFFER_BYTES + WHOLE,
        WHOLE + b"x" * 2 * BUFFER_BYTES,
    ],
)
def test_what_is_not_a_whole_message_is_refused(content: bytes) -> None:
    assert isinstance(refusal(content), BadRequestError)


@pytest.mark.parametrize("error", [ClientDisconnected(), TimeoutError(), ConnectionResetError()])
def test_a_sender_who_goes_away_is_a_bad_request(error: Exception) -> None:
    broken = Broken(body(part(b"content"))[:-20], error)
    file = IncomingFile(broken, BOUNDARY.encode(), LARGEST)
    with pytest.raises(BadRequestError):
        drain(file)
