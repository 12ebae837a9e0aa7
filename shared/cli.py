"""The command `iamis`: runs the system, and holds the operators' commands of the services.

A command is imported when it is called for, and not before: a start has several processes, and
each pays for what it imports.
"""

import logging
import os
import pkgutil
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

import click

from shared.errors import ProblemError
from shared.i18n import gettext as _
from shared.launcher.environment import environment, for_operators, merged
from shared.launcher.errors import LauncherError
from shared.launcher.home import Home
from shared.launcher.instance import Instance
from shared.settings import SettingsError, adopt, inherited

COMMANDS = "iamis.commands"
UNREACHABLE = "sqlalchemy.exc:OperationalError"
OWN = {
    "up": "shared.launcher.command:up",
    "create-databases": "shared.serving.databases:create_databases",
    "load-demo": "shared.launcher.command:load_demo",
    "prepare": "shared.serving.preparing:prepare",
    "restore": "shared.launcher.command:restore",
    "restore-data": "shared.commands.backup:restore_data",
    "serve": "shared.serving.command:serve",
    "worker": "shared.serving.command:worker",
}

# These may be started by hand beside those of the launcher, with the same rights.
SERVING = {"serve", "worker"}
# The launcher and the containers tell these all they need.
GIVEN_EVERYTHING = OWN.keys() - SERVING


class LazyGroup(click.Group):
    """The platform's own commands and those of the entry points `iamis.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*OWN, *entry_points(group=COMMANDS).names])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in OWN:
            own: click.Command = pkgutil.resolve_name(OWN[cmd_name])
            return own
        for point in entry_points(group=COMMANDS, name=cmd_name):
            offered: click.Command = point.load()
            return offered
        return None

    def invoke(self, ctx: click.Context) -> object:
        """Tell of a refusal in words; anything else is a fault and keeps its traceback."""
        try:
            return super().invoke(ctx)
        except (LauncherError, SettingsError) as error:
            raise click.ClickException(str(error)) from error
        except ProblemError as error:
            lines = [error.detail, *(f"{e.pointer}: {e.detail}" for e in error.errors)]
            raise click.ClickException("\n".join(lines)) from error
        except Exception as error:
            # Whoever has met it has loaded it.
            if not isinstance(error, pkgutil.resolve_name(UNREACHABLE)):
                raise
            raise click.ClickException(
                _("The database does not answer. Does the system run?")
            ) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="IAMIS_HOME",
    default=Path("var"),
    show_default="$IAMIS_HOME, or ./var",
    help=_("The folder that holds all state of the installation."),
)
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """IAMIS: internally assessed marks, samples and evidence.

    `iamis up` runs the whole system. The other commands work on its databases, whether it runs
    or not.
    """
    adopt({"IAMIS_HOME": str(home.absolute())})
    if ctx.invoked_subcommand not in GIVEN_EVERYTHING:
        see_installation(Home(home.absolute()), operating=ctx.invoked_subcommand not in SERVING)


def see_installation(home: Home, *, operating: bool = True) -> None:
    """Let `settings()` see what the services of `home` were given; what is set here wins.

    With `operating` also what operators have beside it.
    """
    own = {name: value for name, value in inherited().items() if name.startswith("IAMIS_")}
    if home.stack is None or own.get("IAMIS_STACK", home.stack) != home.stack:
        return
    instance = Instance.read(home)
    found = environment(home, instance.ports if instance else {})
    more = for_operators(home) if operating else {}
    adopt(merged(found | more, own))


def run() -> NoReturn:
    """Run as `python -m shared.cli`, which is how the launcher starts every process.

    The end is short: taking the interpreter down piece by piece is a third of what loading costs,
    a dozen processes do it at every stop, and whatever is to be kept is on disk.
    """
    status: object = 0
    try:
        main(prog_name="iamis")
    except SystemExit as end:
        status = end.code or 0
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(status if isinstance(status, int) else 1)


if __name__ == "__main__":
    run()
