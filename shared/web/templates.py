"""Pages from templates: escaped, strict about names, every word in the reader's language."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.i18n import catalogue, format_date, language


def environment(folder: Path) -> Environment:
    """The templates in `folder`/templates.

    They have `_`, `gettext`, `ngettext` and `{% trans %}`, `language()` for the `lang` of a page,
    and the filter `date` for a calendar day. A literal % in a message is written `%%`.
    """
    made = Environment(
        loader=FileSystemLoader(folder / "templates"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
        _translated, _translated_by_number, newstyle=True
    )
    made.filters["date"] = format_date
    made.globals["language"] = language
    return made


# Jinja fills the places of a message itself, so that what it fills in is escaped.
def _translated(message: str) -> str:
    return catalogue(language()).gettext(message)


def _translated_by_number(singular: str, plural: str, number: int) -> str:
    return catalogue(language()).ngettext(singular, plural, number)
