"""Measuring a stream while it is read."""

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import PayloadTooLargeError
from shared.storage import MeasuredStream


class Trickle(io.BytesIO):
    """Gives less than it is asked for, as a network does."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(3, size or 0))


@given(content=st.binary(max_size=200), step=st.integers(1, 50))
def test_what_is_read_is_counted_and_hashed(content: bytes, step: int) -> None:
    stream = MeasuredStream(Trickle(content), max_bytes=len(content))

    parts = list(iter(lambda: stream.read(step), b""))

    assert b"".join(parts) == content
    assert all(len(part) == step for part in parts[:-1])
    assert (stream.size, stream.hasher.hexdigest()) == (
        len(content),
        hashlib.sha256(content).hexdigest(),
    )


@given(content=st.binary(min_size=1, max_size=200), step=st.integers(1, 50))
def test_the_byte_that_is_one_too_many_is_refused(content: bytes, step: int) -> None:
    stream = MeasuredStream(Trickle(content), max_bytes=len(content) - 1)

    with pytest.raises(PayloadTooLargeError):
        list(iter(lambda: stream.read(step), b""))
