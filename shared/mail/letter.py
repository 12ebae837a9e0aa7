"""What a mail says: its plain text and its HTML are drawn from the same words."""

from dataclasses import dataclass
from pathlib import Path

from shared.i18n import gettext as _
from shared.web.templates import environment

TEMPLATES = environment(Path(__file__).parent)
BLANK_LINE = "\n\n"


@dataclass(frozen=True)
class Link:
    """Where the reader is to go, and what it is called."""

    label: str
    url: str


@dataclass(frozen=True)
class Letter:
    """A mail in the reader's language.

    `facts` are named values the reader needs; `link` is the one thing to do; `closing` is said
    after it.
    """

    subject: str
    opening: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    link: Link | None = None
    closing: tuple[str, ...] = ()


def as_text(letter: Letter, name: str) -> str:
    """The letter to the person of that name, as plain text."""
    facts = "\n".join(f"{label}: {value}" for label, value in letter.facts)
    link = f"{letter.link.label}:\n{letter.link.url}" if letter.link else ""
    parts = [salutation(name), *letter.opening, facts, link, *letter.closing, signature()]
    return BLANK_LINE.join(part for part in parts if part) + "\n"


def as_html(letter: Letter, name: str) -> str:
    template = TEMPLATES.get_template("letter.html")
    return template.render(letter=letter, salutation=salutation(name), signature=signature())


def salutation(name: str) -> str:
    return _("Dear %(name)s,", name=name)


def signature() -> str:
    return _("Internal Assessment Mark Input System (IAMIS). Nobody reads replies to this address.")
