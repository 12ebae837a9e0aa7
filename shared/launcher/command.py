"""`iamis up`, what it runs once (`iamis load-demo`), and `iamis restore`."""

import pkgutil
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

import click

from shared.i18n import gettext as _
from shared.launcher import demo
from shared.launcher.errors import LauncherError
from shared.launcher.home import Home
from shared.launcher.parts import Kind
from shared.launcher.ports import free_ports
from shared.launcher.stack import Stack
from shared.settings import adopt, inherited, settings

# By name: what one stack needs is not loaded for the other.
PARTS = {"embedded": "shared.launcher.parts:EMBEDDED", "real": "shared.launcher.real:REAL"}


@click.command()
@click.option(
    "--stack",
    type=click.Choice(list(PARTS)),
    show_default="that of the home, embedded for a new one",
    help=_("What the services run on."),
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    envvar="IAMIS_PORT",
    default=8000,
    show_default=True,
    help=_("The port people reach the system on."),
)
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("The folder that holds all state of the installation."),
)
@click.option("--no-demo", is_flag=True, help=_("Load no demo data at the first start."))
def up(stack: str | None, port: int, home: Path | None, *, no_demo: bool) -> None:
    """Run the whole system here, until Ctrl-C."""
    if home:
        adopt({"IAMIS_HOME": str(home.absolute())})
    stack = stack or Home(Path(inherited()["IAMIS_HOME"])).stack or "embedded"
    adopt({"IAMIS_STACK": stack, "IAMIS_PORT": str(port)})
    Stack(settings(), parts_of(stack), services(), not no_demo, click.echo).run()


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--secret-key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=_("The secret key of the time of the backup, where the home has none any more."),
)
def restore(backup: Path, secret_key_file: Path | None) -> None:
    """Fill an empty home from BACKUP, made by `iamis backup`.

    What a home has beside its data (secrets, logs, mail) may be there. Then start it.
    """
    manifest = pkgutil.resolve_name("shared.backup.manifest:Manifest").read(backup)
    adopt({"IAMIS_STACK": manifest.stack, "IAMIS_PORT": str(free_ports(1)[0])})
    restoring = pkgutil.resolve_name("shared.launcher.restoring:Restoring")(
        settings(),
        parts_of(manifest.stack),
        services(),
        with_demo=False,
        say=click.echo,
        backup=backup.absolute(),
        secret_key_file=secret_key_file,
    )
    restoring.run()
    if restoring.home.restoring_marker.exists():
        raise LauncherError(_("The restore was interrupted."))


def parts_of(stack: str) -> Sequence[Kind]:
    parts: Sequence[Kind] = pkgutil.resolve_name(PARTS[stack])
    return parts


def services() -> list[str]:
    return sorted(entry_points(group="iamis.services").names)


@click.command()
def load_demo() -> None:
    """Load the demo data into the services that run."""
    demo.load()
