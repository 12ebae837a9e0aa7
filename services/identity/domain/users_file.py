"""A file of a centre's accounts: one line is one account, found by its email address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from services.identity.domain.accounts import (
    AccountType,
    Language,
    Restrictions,
    Standing,
    Wanted,
    change,
    email_key,
    is_email,
    too_long,
    too_many_sets,
)
from shared.csv_lines import Column, read_lines, split
from shared.errors import FieldError, UnprocessableError
from shared.findings import InvalidValueError, LineFindings
from shared.i18n import gettext as _

MOST_LINES = 2000
LONGEST_NAME = 100
LONGEST_EMAIL = 320
MOST_NAMED = 50
RESTRICTED = ("qualifications", "papers", "teaching_sets")

Kept = Literal["active", "deactivated"]


@dataclass(frozen=True)
class UserLine:
    """What a line asks for; None leaves it as it is. The names are those of an invitation."""

    line: int
    first_name: str
    last_name: str
    email: str
    language: Language
    account_type: AccountType
    iamis: bool | None = None
    status: Kept | None = None
    restrictions: Mapping[str, tuple[str, ...]] | None = None

    @property
    def key(self) -> str:
        return email_key(self.email)

    def restricted(self, before: Restrictions) -> Restrictions:
        """The restrictions asked for: of columns that the file has not, those of before."""
        named = {name: getattr(before, name) for name in RESTRICTED}
        return Restrictions(**(named | dict(self.restrictions or {})))


def read_users(source: Iterable[bytes], findings: LineFindings) -> Sequence[UserLine]:
    """The good lines; what is wrong with the others goes to `findings`."""
    seen: dict[str, int] = {}
    lines = []
    for number, values in read_lines(source, COLUMNS, findings, MOST_LINES):
        line = _line(number, values)
        first = seen.setdefault(line.key, number)
        if first == number:
            lines.append(line)
        else:
            said = _("Line %(line)s has the same email address.", line=first)
            findings.add_line(number, "email", said)
    return lines


def _line(number: int, values: Mapping[str, Any]) -> UserLine:
    plain = {name: value for name, value in values.items() if name not in RESTRICTED}
    named = {name: values[name] for name in RESTRICTED if name in values}
    return UserLine(number, **plain, restrictions=named)


def standing_of(line: UserLine, before: Standing | None, *, has_signed_in: bool) -> Standing:
    """What the line makes of an account, or of a new one, as the same changes one by one.

    `ProblemError` where it contradicts itself.
    """
    if before is None and line.status == "deactivated":
        said = _("This account is not of the centre: there is nothing to deactivate.")
        raise UnprocessableError(said, [FieldError("/status", said)])
    new = Standing(line.account_type, iamis=False, status="active" if has_signed_in else "invited")
    held = before or new
    # An admin has it in any case: what they had of their own is left to them.
    told = line.iamis if not (line.iamis and line.account_type == "admin") else None
    wanted = Wanted(line.account_type, told, line.status, line.restricted(held.restrictions))
    return change(held, wanted, has_signed_in=has_signed_in)


def _name(cell: str) -> str:
    name = " ".join(cell.split())
    if not name:
        raise InvalidValueError(_("Must not be blank."))
    if len(name) > LONGEST_NAME:
        raise InvalidValueError(_("Must be at most %(longest)s characters.", longest=LONGEST_NAME))
    if not name.isprintable():
        raise InvalidValueError(_("Must be printable text in UTF-8."))
    return name


def _email(cell: str) -> str:
    email = " ".join(cell.split())
    if len(email) > LONGEST_EMAIL or not is_email(email):
        raise InvalidValueError(_("This must be an email address."))
    return email


def _one_of(choices: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what a choice stands for
    """What reads a word, whatever its case, as what it stands for."""

    def read(cell: str) -> object:
        word = cell.strip().casefold()
        if word not in choices:
            named = ", ".join(word for word in choices if word)
            raise InvalidValueError(_("This must be one of: %(expected)s.", expected=named))
        return choices[word]

    return read


def _names(cell: str) -> tuple[str, ...]:
    names = tuple(sorted({_name(name) for name in split(cell)}))
    if len(names) > MOST_NAMED:
        raise InvalidValueError(
            _("This must have at most %(max_length)s items.", max_length=MOST_NAMED)
        )
    return names


def _sets(cell: str) -> tuple[str, ...]:
    names = _names(cell)
    if too_long(names):
        raise InvalidValueError(too_many_sets())
    return names


COLUMNS = (
    Column("first_name", _name),
    Column("last_name", _name),
    Column("email", _email),
    Column("language", _one_of({"en": "en", "cy": "cy"})),
    Column("account_type", _one_of({"user": "user", "admin": "admin"})),
    Column("iamis", _one_of({"yes": True, "no": False, "": None}), required=False),
    # An account that nobody has signed in to yet is in use as one that somebody has.
    Column(
        "status",
        _one_of({"active": "active", "invited": "active", "deactivated": "deactivated", "": None}),
        required=False,
    ),
    Column("qualifications", _names, required=False),
    Column("papers", _names, required=False),
    Column("teaching_sets", _sets, required=False),
)
