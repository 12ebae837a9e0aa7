"""The demo accounts, as a table for the screen."""

import json
from pathlib import Path

from shared.i18n import gettext as _


def table(path: Path) -> str:
    """The accounts of `demo-accounts.json` in columns."""
    accounts = json.loads(path.read_text(encoding="utf-8"))
    rows = [(_("Role"), _("Email"), _("Password"), _("Centre"))]
    rows += [(a["role"], a["email"], a["password"], a["centre_no"] or "") for a in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(f"  {line.rstrip()}" for line in lines)
