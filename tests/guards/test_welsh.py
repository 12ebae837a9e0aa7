"""The Welsh says the words of docs/glossary.md, and changes a noun as the number before it asks."""

import re
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.guards.tree import ROOT, plant

CATALOGUE = "shared/translations/cy/LC_MESSAGES/messages.po"
GLOSSARY = "docs/glossary.md"
ROW = re.compile(r"^\| ([a-z, ]+) \| ([^|]+) \|", re.MULTILINE)
# These are members of the API too, which stay English; and here English says them more loosely.
ALSO_CODE = {"mark", "outcome", "sign in", "sign out", "task"}
# What no word of the field is in: names of options, addresses, code, a name of a qualification.
NOT_WORDS = re.compile(r"--\S+|\S+://\S+|`[^`]*`|%\(\w+\)\w|ENTRY PATHWAYS")
# The pages need the short one: its parts are named again beside it.
SHORT = {"Go to a candidate, undo, keys"}
BEGINS = {
    "b": "[bfm]",
    "c": "(?:ch?|g|ngh)",
    "d": "(?:dd?|n)",
    "g": "(?:g|ng|)",
    "ll": "ll?",
    "m": "[mf]",
    "p": "(?:ph?|b|mh)",
    "rh": "rh?",
    "t": "(?:th?|d|nh)",
}
AFTER_NUMBER = re.compile(r"%\(num\)s (?!yn\b)([^\W\d]+)(?!\w|')")
# After any other number, 1, 2, 3 and 6.
NOUNS = {
    forms.split()[0]: tuple(forms.split())
    for forms in (
        "cais cais gais chais chais",
        "canolfan ganolfan ganolfan canolfan chanolfan",
        "cod cod god chod chod",
        "cyfrif cyfrif gyfrif chyfrif chyfrif",
        "dyraniad dyraniad ddyraniad dyraniad dyraniad",
        "eiliad eiliad eiliad eiliad eiliad",
        "ffeil ffeil ffeil ffeil ffeil",
        "gwall gwall wall gwall gwall",
        "llinell llinell linell llinell llinell",
        "marc marc farc marc marc",
        "munud munud funud munud munud",
        "papur papur bapur phapur phapur",
        "rhes rhes res rhes rhes",
        "tasg dasg dasg tasg thasg",
        "wythnos wythnos wythnos wythnos wythnos",
        "ymgeisydd ymgeisydd ymgeisydd ymgeisydd ymgeisydd",
    )
}


def bad_welsh(root: Path) -> list[str]:
    with (root / CATALOGUE).open("rb") as file:
        messages = [message for message in read_po(file, locale="cy") if message.id]
    terms = list(_terms((root / GLOSSARY).read_text(encoding="utf-8")))
    return [
        f"{CATALOGUE}: {complaint}"
        for message in messages
        for complaint in (*_other_words(message, terms), *_wrong_forms(message))
    ]


def _terms(glossary: str) -> Iterator[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    """Each English term, how it is found in English, and in Welsh."""
    for english, welsh in ROW.findall(glossary):
        said = re.compile(_said(re.findall(r"[^(),]+", welsh)), re.IGNORECASE)
        for term in set(english.split(", ")) - ALSO_CODE:
            yield term, re.compile(rf"\b(?:{term}|{term.capitalize()})s?\b"), said


def _said(variants: list[str]) -> str:
    """Where the words of a term begin alike in all `variants`, they stand in any mutation."""
    places = zip(*(variant.split() for variant in variants if variant.strip()), strict=False)
    return r"\W+".join(rf"\b{_mutated(_alike(words))}\w*" for words in places)


def _alike(words: tuple[str, ...]) -> str:
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*words, strict=False))
    return "".join(letters[0] for letters in same)


def _mutated(stem: str) -> str:
    first = next((letters for letters in (stem[:2], stem[:1]) if letters in BEGINS), "")
    return BEGINS[first] + stem[len(first) :] if first else f"h?{stem}"


def _other_words(
    message: Message, terms: list[tuple[str, re.Pattern[str], re.Pattern[str]]]
) -> Iterator[str]:
    english = NOT_WORDS.sub(" ", _forms(message.id)[-1])
    for term, asked, said in terms if english not in SHORT else ():
        if asked.search(english) and not all(map(said.search, _forms(message.string))):
            yield f"{term} is another word in the glossary: {message.string!r}"


def _wrong_forms(message: Message) -> Iterator[str]:
    if not message.pluralizable:
        return
    found = [AFTER_NUMBER.search(form) for form in _forms(message.string)]
    words = tuple(match[1] if match else "" for match in found)
    if any(words) and words != NOUNS.get(words[0]):
        yield f"not so after numbers (or not in NOUNS here): {message.string!r}"


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def test_the_welsh_is_that_of_the_glossary() -> None:
    assert bad_welsh(ROOT) == [], f"{GLOSSARY} has the words, docs/translation.md the rules"


TABLE = """| English | Welsh | meaning |
|---|---|---|
| clerical error | gwall clercyddol (gwallau clercyddol) | a slip |
| entry | cofrestriad (cofrestriadau) | that somebody is entered |
"""


def planted(root: Path, catalogue: str) -> Path:
    plant(root, GLOSSARY, TABLE)
    return plant(root, CATALOGUE, catalogue)


def one(english: str, welsh: str) -> str:
    return f'msgid "{english}"\nmsgstr "{welsh}"\n'


def by_number(*forms: str) -> str:
    said = "".join(f'msgstr[{n}] "{form}"\n' for n, form in enumerate(forms))
    header = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=5; plural=0;\\n"\n\n'
    return f'{header}msgid "%(num)s row"\nmsgid_plural "%(num)s rows"\n{said}'


@pytest.mark.parametrize(
    "catalogue",
    [
        one("A clerical error", "Am wall clercyddol"),
        one("Clerical errors", "Gwallau clercyddol"),
        one("Entry", "Ei chofrestriad"),
        one("iamis --entry", "iamis --entry"),
        by_number(*(f"%(num)s {word}" for word in ("rhes", "rhes", "res", "rhes", "rhes"))),
        by_number(*5 * ["%(num)s wedi'u cadw"]),
    ],
)
def test_good_welsh_is_taken(tmp_path: Path, catalogue: str) -> None:
    assert bad_welsh(planted(tmp_path, catalogue)) == []


@pytest.mark.parametrize(
    ("catalogue", "complaint"),
    [
        (one("A clerical error", "Gwall clerigol"), "clerical error is another word"),
        (one("An entry", "Cais"), "entry is another word"),
        (by_number(*5 * ["%(num)s rhes"]), "not so after numbers"),
        (by_number(*5 * ["%(num)s ci"]), "not so after numbers (or not in NOUNS here)"),
    ],
)
def test_bad_welsh_is_refused(tmp_path: Path, catalogue: str, complaint: str) -> None:
    (found,) = bad_welsh(planted(tmp_path, catalogue))
    assert complaint in found
