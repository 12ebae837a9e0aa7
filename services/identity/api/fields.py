"""Kinds of input that several bodies have."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from services.identity.domain.accounts import is_email

STRICT = ConfigDict(strict=True, extra="ignore")
LONGEST_NAME = 100


def _unicode(text: str) -> str:
    """JSON can spell half of a surrogate pair, which no hash and no database takes."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("string_unicode", "not Unicode")
    return text


def _printable(text: str) -> str:
    if not text.isprintable():
        raise PydanticCustomError("not_printable", "not printable")
    return text


def _email(text: str) -> str:
    if not is_email(text):
        raise PydanticCustomError("email", "not an email address")
    return text


def _without_spare_blanks(given: object) -> object:
    return " ".join(given.split()) if isinstance(given, str) else given


Text = Annotated[str, AfterValidator(_unicode)]
Printable = Annotated[str, AfterValidator(_printable)]
Name = Annotated[
    str,
    BeforeValidator(_without_spare_blanks),
    Field(min_length=1, max_length=LONGEST_NAME),
    AfterValidator(_printable),
]
Email = Annotated[str, BeforeValidator(_without_spare_blanks), AfterValidator(_email)]


class Page(BaseModel):
    """Which part of a list is asked for."""

    page: int = Field(default=1, ge=1, le=1_000_000)
    rows: int = Field(default=20, ge=1, le=2000)
    search: Printable = Field(default="", max_length=LONGEST_NAME)
