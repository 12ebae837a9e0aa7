"""A body that cannot be read on is refused as what the client has done."""

import io
from typing import Any

import pytest
from flask import Flask, request
from gunicorn.http.errors import InvalidChunkSize
from werkzeug.test import Client

from shared.serving.refusing import reading_bodies


class Broken(io.BytesIO):
    """One chunk, and then none that is one."""

    def read(self, size: int | None = -1, /) -> bytes:
        read = super().read(size)
        if not read:
            raise InvalidChunkSize(b"zz")
        return read


def _answer(body: io.BytesIO) -> Any:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: request.stream.read(9), methods=["POST"])
    sent = {"wsgi.input_terminated": True, "wsgi.input": body}
    return Client(reading_bodies(app.wsgi_app)).post("/", environ_overrides=sent)


@pytest.mark.parametrize(("body", "status"), [(io.BytesIO(b"whole"), 200), (Broken(b""), 400)])
def test_what_is_no_chunk_is_the_fault_of_its_sender(body: io.BytesIO, status: int) -> None:
    assert _answer(body).status_code == status
