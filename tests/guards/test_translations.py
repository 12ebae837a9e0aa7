"""Every word a user sees has its translation, and the catalogues hold nothing else."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES
from tests.guards.tree import ROOT, plant

MAPPING = "babel.cfg"
CATALOGUE = "shared/translations/{}/LC_MESSAGES/messages.po"
TRANSLATED = [code for code in LANGUAGES if code != DEFAULT_LANGUAGE]
# What is longer and comes back was pasted twice.
OPENING = 30
PLACE = re.compile(r"%(?:\(\w+\))?[-+ #0]*[\d.]*[A-Za-z%]")


def messages_of(root: Path) -> Catalog:
    """The messages of the code, as `make messages` finds them."""
    with (root / MAPPING).open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call] # babel
    found = Catalog()
    for name, line, message, _comments, context in extract_from_dir(root, methods, options):
        found.add(message, locations=[(name, line)], context=context)
    return found


def bad_translations(root: Path) -> list[str]:
    wanted = messages_of(root)
    return [
        f"{path}: {complaint}"
        for path, code in ((CATALOGUE.format(code), code) for code in TRANSLATED)
        for complaint in _complaints(wanted, _read(root / path, code))
    ]


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _complaints(wanted: Catalog, catalogue: Catalog) -> Iterator[str]:
    for message in wanted:
        translation = catalogue.get(_key(message), message.context)
        if message.id:
            yield from _faults(message, translation, catalogue.num_plurals)
    for message in catalogue:
        if message.id and wanted.get(_key(message), message.context) is None:
            yield f"no longer in the code: {message.id!r}"
    for message in catalogue.obsolete.values():
        yield f"no longer in the code: {message.id!r}"


def _faults(message: Message, translation: Message | None, plurals: int) -> Iterator[str]:
    if translation is None or translation.id != message.id:
        yield f"not in the catalogue: {message.id!r}"
        return
    forms = _forms(translation.string)
    if len(forms) != (plurals if message.pluralizable else 1) or not all(forms):
        yield f"not translated: {message.id!r}"
    elif any(_places(form) != _places(_forms(message.id)[-1]) for form in forms):
        yield f"other places: {message.id!r}"
    if any(form.count(form[:OPENING]) > 1 for form in forms if len(form) >= OPENING):
        yield f"says itself twice: {message.id!r}"
    if translation.fuzzy:
        yield f"fuzzy: {message.id!r}"


def _key(message: Message) -> str:
    return _forms(message.id)[0]


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def _places(text: str) -> set[str]:
    return set(PLACE.findall(text))


def test_every_message_is_translated() -> None:
    assert bad_translations(ROOT) == [], "make messages, then translate (docs/translation.md)"


HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=5; plural=(n==1 ? 1 : n==2 ? 2 : n==3 ? 3 : n==6 ? 4 : 0);\\n"
"""
GOOD = 'msgid "Paper %(code)s"\nmsgstr "Papur %(code)s"\n'
FORMS = "".join(f'msgstr[{form}] "%(num)s marc"\n' for form in range(5))
MARKS = f'msgid "%(num)s mark"\nmsgid_plural "%(num)s marks"\n{FORMS}'
PAGE = '{{ _("Paper %(code)s", code=1) }} {{ ngettext("%(num)s mark", "%(num)s marks", 2) }}'


def planted(root: Path, *entries: str) -> Path:
    plant(root, MAPPING, (ROOT / MAPPING).read_text(encoding="utf-8"))
    plant(root, "services/marks/a.py", 'say(_("Paper %(code)s", code=2))\n')
    plant(root, "services/marks/templates/a.html", PAGE)
    return plant(root, CATALOGUE.format("cy"), "\n".join((HEADER, *entries)))


def test_a_good_catalogue_is_taken(tmp_path: Path) -> None:
    assert bad_translations(planted(tmp_path, GOOD, MARKS)) == []


@pytest.mark.parametrize(
    ("entries", "complaints"),
    [
        ([MARKS], ["not in the catalogue: 'Paper %(code)s'"]),
        ([GOOD.replace("Papur %(code)s", ""), MARKS], ["not translated: 'Paper %(code)s'"]),
        ([GOOD.replace("Papur %(code)s", "Papur"), MARKS], ["other places: 'Paper %(code)s'"]),
        ([GOOD.replace("Papur %(code)s", "%(cod)s"), MARKS], ["other places: 'Paper %(code)s'"]),
        (
            [GOOD.replace("Papur %(code)s", 2 * "Papur â'r cod canlynol: %(code)s."), MARKS],
            ["says itself twice: 'Paper %(code)s'"],
        ),
        ([f"#, fuzzy\n{GOOD}", MARKS], ["fuzzy: 'Paper %(code)s'"]),
        ([GOOD, MARKS, 'msgid "Old"\nmsgstr "Hen"\n'], ["no longer in the code: 'Old'"]),
        ([GOOD, MARKS, '#~ msgid "Old"\n#~ msgstr "Hen"\n'], ["no longer in the code: 'Old'"]),
        (
            [GOOD, MARKS.replace('msgstr[4] "%(num)s marc"\n', "")],
            ["not translated: ('%(num)s mark', '%(num)s marks')"],
        ),
        (
            [GOOD, MARKS.replace('[4] "%(num)s marc"', '[4] "chwe marc"')],
            ["other places: ('%(num)s mark', '%(num)s marks')"],
        ),
        (
            [GOOD, 'msgid "%(num)s mark"\nmsgstr "%(num)s marc"\n'],
            ["not in the catalogue: ('%(num)s mark', '%(num)s marks')"],
        ),
    ],
)
def test_a_bad_catalogue_is_refused(
    tmp_path: Path, entries: list[str], complaints: list[str]
) -> None:
    path = CATALOGUE.format("cy")
    found = bad_translations(planted(tmp_path, *entries))
    assert found == [f"{path}: {complaint}" for complaint in complaints]
