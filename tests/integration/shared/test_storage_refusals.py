"""What a store refuses for the moment, and what others do to it meanwhile: nobody's fault."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from shared.errors import UnavailableError
from shared.settings import S3Settings
from shared.storage import PASSING, StoreRefusesError
from shared.storage_parts import PartStorage

TYPE = "application/octet-stream"


@contextmanager
def refusing_store(status: int, code: str) -> Iterator[int]:
    """Refuses whatever is sent, as S3 does."""

    class Refusal(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = f"<Error><Code>{code}</Code></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            """It says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusal) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [400, 409, 429])
@pytest.mark.parametrize("code", sorted(PASSING))
def test_what_is_refused_for_the_moment_may_be_tried_again(
    s3: S3Settings, status: int, code: str
) -> None:
    with refusing_store(status, code) as port:
        storage = PartStorage(replace(s3, endpoint=f"127.0.0.1:{port}"))
        with pytest.raises(UnavailableError) as refused:
            storage.put("k", io.BytesIO(b"x"), TYPE, 1)
    assert int(refused.value.headers["Retry-After"]) > 0


def test_what_is_refused_for_good_is_our_fault(s3: S3Settings) -> None:
    with refusing_store(403, "AccessDenied") as port:
        storage = PartStorage(replace(s3, endpoint=f"127.0.0.1:{port}"))
        with pytest.raises(StoreRefusesError, match="AccessDenied"):
            storage.put("k", io.BytesIO(b"x"), TYPE, 1)


def test_a_bucket_that_another_makes_meanwhile_is_there(
    s3: S3Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at a first start, when several files come at once."""
    unmade = replace(s3, bucket=f"{s3.bucket}-{os.urandom(4).hex()}")
    storage, other = PartStorage(unmade), PartStorage(unmade)
    looks = storage.client.bucket_exists

    def another_is_quicker(bucket: str) -> bool:
        monkeypatch.setattr(storage.client, "bucket_exists", looks)
        found = looks(bucket)
        other.ensure_bucket()
        return found

    monkeypatch.setattr(storage.client, "bucket_exists", another_is_quicker)
    storage.ensure_bucket()
    storage.put("k", io.BytesIO(b"x"), TYPE, 1)
    assert other.stat("k") == 1


def test_what_cannot_be_had_on_disk_is_not_stored_now(s3: S3Settings, tmp_path: Path) -> None:
    """A file is where the folder of the store should be."""
    no_folder = tmp_path / "file"
    no_folder.touch()
    storage = PartStorage(replace(s3, files=no_folder))
    storage.ensure_bucket()
    with pytest.raises(UnavailableError):
        storage.put("k", io.BytesIO(b"x"), TYPE, 1)
