"""The details of the audit trail as people read them: what each is called, and what it is."""

from collections.abc import Mapping

from services.gateway.formats import short_time
from shared.i18n import N_
from shared.i18n import gettext as _

MEMBERS = {
    "account_type": N_("Account type"),
    "address": N_("Address"),
    "bindings": N_("Bound to"),
    "centre_no": N_("Centre"),
    "centres": N_("Centres"),
    "email": N_("Email address"),
    "enrolled": N_("Authenticator app set up"),
    "events": N_("Events"),
    "family": N_("Session"),
    "files": N_("Files"),
    "how": N_("How"),
    "iamis": N_("IAMIS"),
    "kind": N_("Kind of account"),
    "language": N_("Language"),
    "left": N_("Recovery codes left"),
    "made_at": N_("Made at"),
    "name": N_("Name"),
    "paper_id": N_("Paper"),
    "papers": N_("Paper codes"),
    "places": N_("In centres"),
    "qualifications": N_("Qualifications"),
    "queue": N_("Queue"),
    "renewed": N_("Sealed anew"),
    "restrictions": N_("Restrictions"),
    "scopes": N_("Scopes"),
    "signs_from": N_("Signs from"),
    "status": N_("Status"),
    "teaching_sets": N_("Teaching sets"),
    "times": N_("How many times"),
    "to": N_("Told to"),
    "types": N_("Types of events"),
    "unreadable": N_("Opened by no secret"),
    "user_id": N_("Moderator"),
    "waiting": N_("Events waiting"),
    "works_at": N_("Own centres"),
}
VALUES = {
    "account_type": {"admin": N_("Admin"), "user": N_("User")},
    "how": {
        "code": N_("authenticator app"),
        "enrolled": N_("authenticator app, set up then"),
        "recovery code": N_("recovery code"),
    },
    "kind": {
        "appointee": N_("Moderator"),
        "board": N_("Board staff"),
        "centre": N_("Centre"),
    },
    "language": {"cy": N_("Welsh"), "en": N_("English")},
    "status": {
        "active": N_("Active"),
        "deactivated": N_("Deactivated"),
        "invited": N_("Invited"),
    },
}
INSTANTS = {"made_at", "signs_from"}


def spelt_out(details: Mapping[str, object], names: Mapping[str, str]) -> str:
    """One side of a change; `names` are those of ids. What has no words stays as it is kept."""
    return "; ".join(_member(name, value, names) for name, value in details.items())


def _member(name: str, value: object, names: Mapping[str, str]) -> str:
    label = _(MEMBERS[name]) if name in MEMBERS else name
    return f"{label}: {_value(name, value, names)}"


def _value(name: str, value: object, names: Mapping[str, str]) -> str:
    """What is within another stands in brackets, without what is empty."""
    if isinstance(value, list):
        return ", ".join(_value(name, one, names) for one in value) or _("none")
    if isinstance(value, Mapping):
        held = [_member(inner, one, names) for inner, one in value.items() if not _is_empty(one)]
        return f"({', '.join(held)})" if held else _("none")
    return _("none") if _is_empty(value) else _word(name, value, names)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", [], {})


def _word(name: str, value: object, names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _yes_or_no(name, yes=value)
    if name in INSTANTS:
        return short_time(str(value))
    known = VALUES.get(name, {}).get(str(value))
    if known:
        return _(known)
    return names.get(str(value), str(value))


def _yes_or_no(name: str, *, yes: bool) -> str:
    if name == "iamis":
        return _("On") if yes else _("Off")
    return _("Yes") if yes else _("No")
