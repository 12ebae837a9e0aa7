"""Where a sign-in comes from: an address, and the device that somebody holds."""

import hashlib
from dataclasses import dataclass

# How the id of a device begins that remembers none: what it says it is, which anybody may say.
GUESSED = "agent:"
# An id of so many characters, drawn at random, is not hit upon.
LEAST_ID = 20


@dataclass(frozen=True)
class Device:
    """`id` tells devices of one person apart; `name` is what a reader knows it by."""

    id: str
    name: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.id.encode()).hexdigest()

    @property
    def is_proof(self) -> bool:
        """Whether nobody else could have told this id."""
        return len(self.id) >= LEAST_ID and not self.id.startswith(GUESSED)


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from."""

    address: str
    device: Device
