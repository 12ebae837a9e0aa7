"""`iamis doctor`: whether everything is in order, in words."""

from collections.abc import Iterator

import click

from shared.commands.table import show
from shared.doctor import databases, here, parts
from shared.doctor.findings import Finding, Level, fault
from shared.i18n import gettext as _
from shared.launcher.home import Home
from shared.settings import SettingsError, settings

CHECKS = (
    here.settings_in_order,
    here.room,
    databases.check,
    parts.broker,
    parts.storage,
    parts.mail,
    parts.services,
)


@click.command()
def doctor() -> None:
    """Look at every part the system stands on.

    It tells in words what is wrong, in the settings too. The exit status is 1 where something does
    not work; a warning leaves it 0. The one thing written is a small object, removed again.
    """
    found = list(_findings())
    words = {Level.OK: _("ok"), Level.WARNING: _("warning"), Level.FAULT: _("fault")}
    show(
        (_("part"), _("state"), _("what was found")),
        [(each.part, words[each.level], each.words) for each in found],
    )
    if any(each.level is Level.FAULT for each in found):
        raise SystemExit(1)


def _findings() -> Iterator[Finding]:
    """What every check says; where there is nothing to look at, that is all there is to say."""
    try:
        told = settings()
    except SettingsError as error:
        yield from (fault(_("settings"), problem) for problem in error.problems)
        return
    if told.stack == "embedded" and Home(told.home).stack is None:
        yield fault(
            _("home"),
            _(
                "nothing was ever started in %(home)s: `iamis up` begins there, and `iamis --home "
                "DIR doctor` looks at another home",
                home=told.home,
            ),
        )
        return
    for check in CHECKS:
        yield from check()
