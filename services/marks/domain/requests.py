"""What a centre asks of the board: the mark it wants amended, and the board's decision."""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from services.marks.domain.json_values import read_object
from services.marks.domain.marking import Change, Mark, apply, lacks_initials
from services.marks.domain.paper import PaperRules
from services.marks.domain.text import read_required, read_text
from shared.findings import Findings, InvalidValueError
from shared.i18n import gettext as _

LONGEST_REASON = 1000
VALUES = ("tasks", "code", "outcome", "initials")


class Kind(StrEnum):
    """What is asked for."""

    AMENDMENT = "amendment"
    ENTRY = "entry"
    EXTENSION = "extension"


class RequestState(StrEnum):
    """Whether the board has decided, and how."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


# Clients are written from a contract that names the member and not its words.
_ACCEPTED = {"accept", "accepted", "approve", "approved", "grant", "granted"}
_REJECTED = {"reject", "rejected", "refuse", "refused", "decline", "declined"}


def read_decision(body: object) -> tuple[RequestState, str]:
    """The board's decision and its comment; UnprocessableError naming what is wrong.

    Whoever is refused is told why.
    """
    given = read_object(body)
    findings = Findings()
    word = str(given.get("decision", "")).strip().lower()
    if word not in _ACCEPTED | _REJECTED:
        findings.add("/decision", _("The decision must be accepted or rejected."))
    rejected = word in _REJECTED
    comment = read_reason(given, findings, "comment", required=rejected)
    findings.refuse()
    return RequestState.REJECTED if rejected else RequestState.ACCEPTED, comment


def read_amendment(rules: PaperRules, mark: Mark, body: object) -> tuple[Mark, str]:
    """The mark a centre asks for instead of this one, and why.

    UnprocessableError where it is no mark of the paper, has gaps, lacks initials that the paper
    requires, or is the one that stands.
    """
    given = read_object(body)
    findings = Findings()
    reason = read_reason(given, findings, "reason")
    findings.refuse()
    change = Change.from_json({name: given[name] for name in VALUES if name in given})
    wanted = apply(rules, mark, change)
    for number, task in enumerate(wanted.tasks or ()):
        if task is None and not wanted.code:
            findings.add(f"/tasks/{number}", _("An amended mark needs every task."))
    amended = as_amended(mark, wanted)
    if lacks_initials(rules, amended):
        findings.add("/initials", _("An amended mark needs the teacher's initials."))
    if amended == mark:
        named = next(name for name in VALUES if name in given)
        findings.add(f"/{named}", _("This is the mark that stands already."))
    findings.refuse()
    return wanted, reason


def read_extension(today: date, until: date, deadline: date, reason: object) -> str:
    """Why a centre asks for a later deadline; UnprocessableError where it is none."""
    findings = Findings()
    if until <= max(today, deadline):
        findings.add("/until", _("Must be after today, and after the deadline there is now."))
    why = read_reason({"reason": reason}, findings, "reason")
    findings.refuse()
    return why


def read_reason(
    given: dict[str, object], findings: Findings, name: str, *, required: bool = True
) -> str:
    """A member in which a person says why; what is wrong with it goes to `findings`."""
    value = given.get(name)
    read = read_required if required else read_text
    try:
        return read(value if isinstance(value, str) else "", longest=LONGEST_REASON, lines=True)
    except InvalidValueError as invalid:
        findings.add(f"/{name}", str(invalid))
        return ""


def as_amended(current: Mark, asked: Mark) -> Mark:
    """The mark once an amendment is accepted: initials that were not asked for stay."""
    return replace(asked, initials=asked.initials or current.initials)
