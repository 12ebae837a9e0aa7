"""`iamis up`, and what it runs once: `iamis load-demo`."""

from importlib.metadata import entry_points
from pathlib import Path

import click

from shared.i18n import gettext as _
from shared.launcher import demo
from shared.launcher.embedded import EmbeddedStack
from shared.launcher.errors import LauncherError
from shared.settings import adopt, settings


@click.command()
@click.option(
    "--stack",
    type=click.Choice(["embedded", "real"]),
    default="embedded",
    show_default=True,
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
def up(stack: str, port: int, home: Path | None, *, no_demo: bool) -> None:
    """Run the whole system here, until Ctrl-C."""
    if stack == "real":
        raise LauncherError(_("The real stack is not built yet; leave out --stack real."))
    adopt({"IAMIS_STACK": stack, "IAMIS_PORT": str(port)})
    if home:
        adopt({"IAMIS_HOME": str(home.absolute())})
    services = entry_points(group="iamis.services").names
    EmbeddedStack(settings(), sorted(services), not no_demo, click.echo).run()


@click.command(hidden=True)
def load_demo() -> None:
    """Load the demo data into the services that run."""
    demo.load()
