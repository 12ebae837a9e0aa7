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


def _answer(body: io.BytesIO) -> Any:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: request.stream.read(9), methods=["POST"])
    sent = {"wsgi.input_terminated": True, "wsgi.input": body}
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
