"""A form that is read as it comes."""

import io
from functools import partial

import pytest
from urllib3 import encode_multipart_formdata

from services.gateway.coming_form import ComingForm
from shared.errors import BadRequestError, PayloadTooLargeError
from shared.files.incoming import BESIDE_BYTES, CHUNK_BYTES

BOUNDARY = "a-boundary"
Fields = list[tuple[str, str | tuple[str, bytes]]]


def body(fields: Fields) -> io.BytesIO:
    return io.BytesIO(encode_multipart_formdata(fields, BOUNDARY)[0])


def coming(stream: io.BytesIO) -> ComingForm:
    return ComingForm(stream, BOUNDARY.encode())


LARGE = b"x" * 5 * CHUNK_BYTES
FORM: Fields = [
    ("csrf_token", "t"),
    ("candidates", "1001"),
    ("candidates", "1002"),
    ("file", ("gwaith ŵ.zip", LARGE)),
    ("file", ("", b"")),
    ("after", "ŵ"),
    ("file", ("b.txt", b"two")),
]


def test_it_is_what_was_sent() -> None:
    form = coming(body(FORM))
    assert list(form.fields.items(multi=True)) == [
        ("csrf_token", "t"),
        ("candidates", "1001"),
        ("candidates", "1002"),
    ]
    found = [
        (one.filename, b"".join(iter(partial(one.stream.read, 1000), b""))) for one in form.files()
    ]
    assert found == [("gwaith ŵ.zip", LARGE), ("", b""), ("b.txt", b"two")]
    assert form.fields["after"] == "ŵ"


def test_what_nobody_reads_of_a_file_is_let_go() -> None:
    names = [one.filename for one in coming(body(FORM)).files() if one.stream.read(7) != b"!"]
    assert names == ["gwaith ŵ.zip", "", "b.txt"]


def test_no_file_is_read_before_it_is_asked_for() -> None:
    stream = body(FORM)
    form = coming(stream)
    assert stream.tell() == CHUNK_BYTES
    first = next(form.files())
    first.stream.read(CHUNK_BYTES)
    assert stream.tell() <= 2 * CHUNK_BYTES


@pytest.mark.parametrize("end", [0, 30, 400, 2 * CHUNK_BYTES])
def test_a_form_that_breaks_off_is_a_bad_request(end: int) -> None:
    with pytest.raises(BadRequestError):
        list(coming(io.BytesIO(body(FORM).getvalue()[:end])).files())


def test_fields_have_an_end() -> None:
    with pytest.raises(PayloadTooLargeError):
        coming(body([("piece", "x" * (BESIDE_BYTES + 1))]))
