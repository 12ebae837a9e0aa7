"""The settings and their document name the same variables, with the same meaning and default."""

import re

from shared.settings import Variable, describe
from tests.guards.tree import ROOT

DOCUMENT = ROOT / "docs" / "configuration.md"


def line(variable: Variable) -> str:
    """The variable's line of the table."""
    secret = " (secret)" if variable.secret else ""
    default = f"`{variable.default}`" if variable.default else "none"
    return f"| `{variable.name}` | {variable.meaning}{secret} | {default} |"


def test_the_document_has_every_setting_and_no_other() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert re.findall(r"^\| `IAMIS.*$", document, re.MULTILINE) == [
        line(variable) for variable in describe()
    ]
