"""A body that cannot be read on is refused as what the client has done."""

import io
from typing import Any

import pytest
from flask import Flask, request
from gunicorn.http.errors import InvalidChunkSize, NoMoreData
from werkzeug.test import Client

from shared.serving.refusing import reading_bodies


class Broken(io.BytesIO):
    """A body that gunicorn reads nothing of."""

    def __init__(self, why: Exception) -> None:
        super().__init__()
        self._why = why

    def read(self, _size: int | None = -1, /) -> bytes:
        raise self._why


def _answer(body: io.BytesIO, announced: int | None = None, size: int | None = 9) -> Any:
    """The answer to a body that is read to its end, `size` bytes at a time."""
    app = Flask(__name__)

    def view() -> bytes:
        return b"".join(iter(lambda: request.stream.read(size), b""))  # type: ignore[arg-type]

    app.add_url_rule("/", view_func=view, methods=["POST"])
    length = "" if announced is None else str(announced)
    sent = {"wsgi.input_terminated": True, "wsgi.input": body, "CONTENT_LENGTH": length}
    return Client(reading_bodies(app.wsgi_app)).post("/", environ_overrides=sent)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (io.BytesIO(b"whole"), 200),
        (Broken(InvalidChunkSize(b"zz")), 400),
        (Broken(NoMoreData()), 400),
        (Broken(TimeoutError()), 400),
    ],
)
def test_what_is_no_body_is_the_fault_of_its_sender(body: io.BytesIO, status: int) -> None:
    assert _answer(body).status_code == status


@pytest.mark.parametrize("size", [1, 2, 3, 4, 9, -1, None])
def test_a_body_that_ends_before_its_length_breaks_off(size: int | None) -> None:
    whole = _answer(io.BytesIO(b"four"), 4, size)
    assert (whole.status_code, whole.data) == (200, b"four")
    assert _answer(io.BytesIO(b"four"), 5, size).status_code == 400
    assert _answer(io.BytesIO(), 1, size).status_code == 400
