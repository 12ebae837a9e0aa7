"""Reading what JSON brings, where the rules of marks say what a value may be."""

from typing import TypeGuard

from shared.findings import Findings
from shared.i18n import gettext as _


def is_whole(value: object) -> TypeGuard[int]:
    """Is this JSON value a whole number? True and 15.0 are not."""
    return isinstance(value, int) and not isinstance(value, bool)


def read_object(body: object) -> dict[str, object]:
    """The members of a JSON object that are not null, or UnprocessableError."""
    if not isinstance(body, dict):
        findings = Findings()
        findings.add("", _("A JSON object is expected here."))
        findings.refuse()
        return {}
    return {name: value for name, value in body.items() if value is not None}
