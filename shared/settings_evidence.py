"""How much evidence is taken."""

from dataclasses import dataclass
from typing import Self

from shared.settings_reader import Reader
from shared.settings_variables import DEFAULT_EVIDENCE_QUOTA_BYTES, DEFAULT_MAX_FILE_BYTES


@dataclass(frozen=True)
class EvidenceSettings:
    """The largest file, and what a centre may bring in one series (0: any amount); in bytes."""

    max_file_bytes: int
    quota_bytes: int

    @classmethod
    def read(cls, read: Reader) -> Self:
        return cls(
            max_file_bytes=read.integer("IAMIS_MAX_FILE_BYTES", DEFAULT_MAX_FILE_BYTES, 1, 2**40),
            quota_bytes=read.integer(
                "IAMIS_EVIDENCE_QUOTA_BYTES", DEFAULT_EVIDENCE_QUOTA_BYTES, 0, 2**50
            ),
        )
