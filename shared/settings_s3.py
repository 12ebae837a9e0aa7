"""How the object storage is reached that evidence is kept in."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class S3Settings:
    """Where evidence is kept; `endpoint` is `host:port` without a scheme.

    `files` is the folder of the store's files where it is part of this installation: what it has
    accepted is on disk when somebody flushes them.
    """

    endpoint: str
    secure: bool
    bucket: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    files: Path | None = None
