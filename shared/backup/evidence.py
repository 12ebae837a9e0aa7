"""The objects that a service's rows name: copied one by one, and each compared with its row."""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from shared.backup.manifest import sha256_of
from shared.i18n import gettext as _
from shared.launcher.errors import LauncherError
from shared.service import KeptObject
from shared.storage import ObjectMissingError, Storage
from shared.storage_parts import PartStorage

Progress = Callable[[int], object]


def copy_out(storage: Storage, objects: Iterable[KeptObject], folder: Path, told: Progress) -> None:
    """Write each object to a file; `LauncherError` where one is not what its row says."""
    for one in objects:
        path = folder / one.key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with closing(storage.open(one.key)) as content, path.open("wb") as file:
                file.writelines(content)
        except ObjectMissingError as error:
            raise _wrong(one) from error
        if sha256_of(path) != one.sha256:
            raise _wrong(one)
        told(1)


def copy_in(
    storage: PartStorage, objects: Iterable[KeptObject], folder: Path, told: Progress
) -> None:
    """Store each object anew, and compare what was stored with its row."""
    for one in objects:
        with (folder / one.key).open("rb") as file:
            stored = storage.put(one.key, file, one.content_type, one.size)
        if (stored.size, stored.sha256) != (one.size, one.sha256):
            raise _wrong(one)
        told(1)


def _wrong(one: KeptObject) -> LauncherError:
    return LauncherError(
        _("The file %(key)s is not in the object storage as it was uploaded.", key=one.key)
    )
