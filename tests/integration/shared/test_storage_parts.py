"""Uploads in parts against a real S3 server, and the client's private methods they stand on."""

import inspect
import io
import os
from datetime import timedelta
from hashlib import sha256

import pytest
import urllib3

from shared import clock
from shared.settings import S3Settings
from shared.storage import ObjectMissingError
from shared.storage_parts import PartStorage
from tests.support.waiting import wait_for

PART = 5 * 2**20
# What the adapter calls, with the parameters it gives: the library may change them at any time.
USED = {
    "_create_multipart_upload": ["bucket_name", "object_name", "headers"],
    "_upload_part": ["bucket_name", "object_name", "data", "headers", "upload_id", "part_number"],
    "_list_parts": ["bucket_name", "object_name", "upload_id", "max_parts", "part_number_marker"],
    "_complete_multipart_upload": ["bucket_name", "object_name", "upload_id", "parts"],
    "_abort_multipart_upload": ["bucket_name", "object_name", "upload_id"],
    "_list_multipart_uploads": ["bucket_name"],
}


@pytest.fixture(scope="module")
def storage(s3: S3Settings) -> PartStorage:
    storage = PartStorage(s3, f"http://{s3.endpoint}")
    storage.ensure_bucket()
    return storage


@pytest.fixture
def key() -> str:
    return f"68101/p/{os.urandom(8).hex()}"


@pytest.mark.parametrize("name", USED)
def test_the_client_is_as_the_adapter_knows_it(storage: PartStorage, name: str) -> None:
    taken = list(inspect.signature(getattr(storage.client, name)).parameters)
    assert taken[: len(USED[name])] == USED[name], "the library has changed: see storage_parts.py"


def put_straight(address: str, data: bytes) -> int:
    return urllib3.request("PUT", address, body=data, retries=False).status


def test_parts_make_an_object(storage: PartStorage, key: str) -> None:
    parts = [os.urandom(PART), os.urandom(PART), b"end"]
    upload_id = storage.begin(key)
    storage.put_part(key, upload_id, 3, parts[2])
    storage.put_part(key, upload_id, 1, b"a first try")
    storage.put_part(key, upload_id, 1, parts[0])
    assert put_straight(storage.address(key, upload_id, 2), parts[1]) == 200
    there = storage.parts(key, upload_id)
    assert [(part.number, part.size) for part in there] == [(1, PART), (2, PART), (3, 3)]
    with pytest.raises(ObjectMissingError):
        storage.stat(key)
    storage.complete(key, upload_id, there)
    hasher = sha256()
    for chunk in storage.open(key):
        hasher.update(chunk)
    assert hasher.digest() == sha256(b"".join(parts)).digest()
    storage.delete(key)


def test_what_is_over_is_missing(storage: PartStorage, key: str) -> None:
    upload_id = storage.begin(key)
    storage.put_part(key, upload_id, 1, b"x")
    assert key in [one.key for one in storage.unfinished()]
    storage.abort(key, upload_id)
    storage.abort(key, upload_id)
    assert key not in [one.key for one in storage.unfinished()]
    for gone in (
        lambda: storage.parts(key, upload_id),
        lambda: storage.put_part(key, upload_id, 1, b"x"),
        lambda: storage.complete(key, upload_id, []),
    ):
        with pytest.raises(ObjectMissingError):
            gone()


def test_an_address_is_for_one_part_of_one_upload(storage: PartStorage, key: str) -> None:
    """Changed by one character anywhere, it is refused."""
    upload_id = storage.begin(key)
    address = storage.address(key, upload_id, 1)
    signature = address.rpartition("=")[2]
    other_sign = ("1" if signature[0] != "1" else "2") + signature[1:]
    changed = [
        address.replace(signature, other_sign),
        address.replace("partNumber=1&", "partNumber=2&"),
        address.replace(key, key[:-1] + ("0" if key[-1] != "0" else "1")),
        address.replace("X-Amz-Expires=900", "X-Amz-Expires=901"),
        address.replace(upload_id, upload_id[:-1] + ("0" if upload_id[-1] != "0" else "1")),
    ]
    assert all(one != address for one in changed)
    assert [put_straight(one, b"x") for one in changed] == [403] * len(changed)
    assert urllib3.request("GET", address, retries=False).status == 403
    assert storage.parts(key, upload_id) == []
    storage.abort(key, upload_id)


def test_an_address_ends(storage: PartStorage, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upload_id = storage.begin(key)
    monkeypatch.setattr("shared.storage_parts.ADDRESS_LIFE", timedelta(seconds=1))
    address = storage.address(key, upload_id, 1)
    wait_for("the address has ended", lambda: put_straight(address, b"x") == 403, 30)
    storage.abort(key, upload_id)


def test_an_object_is_erased_with_its_versions(storage: PartStorage, key: str) -> None:
    storage.put(key, io.BytesIO(b"x"), "text/plain", 10)
    storage.put(f"{key}-other", io.BytesIO(b"y"), "text/plain", 10)
    assert {key, f"{key}-other"} <= set(storage.keys())
    storage.erase(key)
    storage.erase(key)
    left = set(storage.keys())
    assert key not in left
    assert f"{key}-other" in left


def test_keys_are_listed_by_how_they_begin_and_when_they_were_stored(
    storage: PartStorage, key: str
) -> None:
    storage.put(f"{key}/a", io.BytesIO(b"x"), "text/plain", 10)
    storage.put(f"{key}/b", io.BytesIO(b"x"), "text/plain", 10)
    assert list(storage.keys(f"{key}/")) == [f"{key}/a", f"{key}/b"]
    assert list(storage.keys(f"{key}/b")) == [f"{key}/b"]
    now, hour = clock.now(), timedelta(hours=1)
    assert list(storage.keys(f"{key}/", before=now + hour)) == [f"{key}/a", f"{key}/b"]
    assert list(storage.keys(f"{key}/", before=now - hour)) == []
