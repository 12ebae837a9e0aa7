"""`iamis restore`: a home filled from a backup, its servers started for that alone."""

from dataclasses import dataclass, field
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
    key: str = field(default="", repr=False)

    def run(self) -> None:
        """Fill the home; where that cannot be, nothing is made or written."""
        manifest = Manifest.read(self.backup)
        self.key = self.right_key(manifest)
        if self.home.is_empty:
            self.say(_("Comparing the files of the backup with its listing."))
            verify(self.backup, manifest)
        super().run()

    def work(self) -> None:
        if not self.home.is_empty:
            raise LauncherError(
                _("There are data in %(home)s: restore into an empty home.", home=self.home.path)
            )
        self.take_stack_and_key()
        self.plan()
        write_whole(self.home.restoring_marker, "")
        self.fill()
        write_whole(self.home.first_start_marker, "")
        self.home.restoring_marker.unlink()
        self.say(_("Restored. To start the system: %(command)s up", command=self.command_line()))

    def right_key(self, manifest: Manifest) -> str:
        """The secret key that opens what is sealed in the databases of the backup."""
        own = self.home.secret_file("secret-key")
        file = own if own.exists() else self.secret_key_file
        if file is None:
            raise LauncherError(
                _(
                    "There is no secret key in %(home)s: give that of the time of the backup with "
                    "--secret-key-file.",
                    home=self.home.path,
                )
            )
        manifest.require_key(Settings.load({"IAMIS_SECRET_KEY_FILE": str(file)}).given_secret_keys)
        return file.read_text(encoding="utf-8")

    def take_stack_and_key(self) -> None:
        """Have the home be of the backup's stack, where it is of none, and keep the key in it."""
        if not self.home.stack_file.exists():
            write_whole(self.home.stack_file, self.settings.stack)
        self.home.belong_to(self.settings.stack)
        write_whole(self.home.secret_file("secret-key"), self.key)

    def fill(self) -> None:
        self.start_parts()
        self.wait_for_parts(first=True)
        self.wait_for_parts(first=False)
        self.say(_("Filling the databases and the object storage."))
        filling = ("restore-data", "--verified", str(self.backup))
        more = for_preparing(self.home)
        self.supervisor.run(self.processes.once("restore", *filling, more=more))
