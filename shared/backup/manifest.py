"""What a backup says of itself, and whether its files are still what they were."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.launcher.files import write_whole
from shared.seal import Seal

MANIFEST = "manifest.json"
LISTING = "files.sha256"
DATABASES = "databases"
EVIDENCE = "evidence"
FORMAT = 1
PURPOSE = "backup"


@dataclass(frozen=True)
class Kept:
    """What is kept of a service: its revisions by chain, and how many rows each table has.

    The tables are in the order that they are filled in.
    """

    revisions: Mapping[str, str]
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """`made_at` is RFC 3339; `files_sha256` is of the listing, which has the hashes of all else.

    `sealed` opens with the IAMIS_SECRET_KEY that the databases need, which no backup holds.
    """

    made_at: str
    stack: str
    services: Mapping[str, Kept]
    files: int
    files_sha256: str
    sealed: str
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        write_whole(folder / MANIFEST, json.dumps(asdict(self), indent=2))

    @classmethod
    def read(cls, folder: Path) -> Self:
        """That of the backup in `folder`; `LauncherError` where there is none that is whole."""
        try:
            read: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise LauncherError(
                _("There is no whole backup in %(folder)s.", folder=folder)
            ) from error
        if read["format"] != FORMAT:
            raise LauncherError(
                _("The backup in %(folder)s needs another release of IAMIS.", folder=folder)
            )
        services = {name: Kept(**kept) for name, kept in read.pop("services").items()}
        return cls(services=services, **read)

    def require_key(self, secrets: tuple[str, ...]) -> None:
        """Raise `LauncherError` unless what is sealed in the databases can be opened."""
        if not secrets or Seal(secrets, PURPOSE).open(self.sealed) is None:
            raise LauncherError(
                _("The secret key is not the one that the backup was made with (IAMIS_SECRET_KEY).")
            )


def list_files(folder: Path) -> tuple[int, str]:
    """Write the listing of a backup, everything on disk; gives how many files, and its hash."""
    lines = [f"{sha256_of(path, flush=True)}  {name}" for name, path in _files(folder)]
    write_whole(folder / LISTING, "".join(f"{line}\n" for line in lines))
    return len(lines), sha256_of(folder / LISTING)


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise `LauncherError` naming the files that are not what they were, or not there."""
    wrong = sorted(_wrong(folder, manifest))
    if wrong:
        raise LauncherError(
            _("These files of the backup are damaged or missing: %(files)s", files=", ".join(wrong))
        )


def _wrong(folder: Path, manifest: Manifest) -> Iterator[str]:
    listing = folder / LISTING
    if not listing.exists() or sha256_of(listing) != manifest.files_sha256:
        yield LISTING
        return
    for line in listing.read_text(encoding="utf-8").splitlines():
        sha256, _two_spaces, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or sha256_of(path) != sha256:
            yield name


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def sha256_of(path: Path, *, flush: bool = False) -> str:
    """The hash of a file's content; with `flush` the file is on disk afterwards."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        if flush:
            os.fsync(file.fileno())
    return digest
