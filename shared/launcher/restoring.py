"""`iamis restore`: a home filled from a backup, its servers started for that alone."""

from dataclasses import dataclass
from pathlib import Path

from shared.backup.manifest import Manifest, verify
from shared.i18n import gettext as _
from shared.launcher.environment import for_preparing
from shared.launcher.errors import LauncherError
from shared.launcher.files import write_whole
from shared.launcher.stack import Stack
from shared.settings import Settings


@dataclass
class Restoring(Stack):
    """What a stack stands on, without its services; `backup` is the folder of the backup.

    `secret_key_file` is needed where the home has no secret key of its own any more.
    """

    backup: Path = Path()
    secret_key_file: Path | None = None

    def work(self) -> None:
        """Fill the home; raises `LauncherError` before anything is written where that cannot be."""
        if not self.home.is_empty:
            raise LauncherError(
                _("There are data in %(home)s: restore into an empty home.", home=self.home.path)
            )
        manifest = Manifest.read(self.backup)
        self.take_secret_key(manifest)
        self.say(_("Comparing the files of the backup with its listing."))
        verify(self.backup, manifest)
        self.plan()
        write_whole(self.home.restoring_marker, "")
        self.fill()
        write_whole(self.home.first_start_marker, "")
        self.home.restoring_marker.unlink()
        self.say(_("Restored. `iamis up` starts the system."))

    def take_secret_key(self, manifest: Manifest) -> None:
        """Keep the secret key that opens what is sealed in the databases."""
        own = self.home.secret_file("secret-key")
        file = own if own.exists() else self.secret_key_file
        given = (
            Settings.load({"IAMIS_SECRET_KEY_FILE": str(file)}).given_secret_keys if file else ()
        )
        manifest.require_key(given)
        if file and file != own:
            write_whole(own, file.read_text(encoding="utf-8"))

    def fill(self) -> None:
        self.start_parts()
        self.wait_for_parts(first=True)
        self.wait_for_parts(first=False)
        self.say(_("Filling the databases and the object storage."))
        filling = ("restore-data", "--verified", str(self.backup))
        more = for_preparing(self.home)
        self.supervisor.run(self.processes.once("restore", *filling, more=more))
