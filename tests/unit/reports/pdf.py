"""Reading PDF documents back: their text, their tags, their fonts."""

import io
from collections.abc import Iterator

import page
import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject


def text_of(document: bytes) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(document)]


def tags_of(document: bytes) -> list[str]:
    """The types of the structure elements, in the order they are read."""
    root = PdfReader(io.BytesIO(document)).root_object["/StructTreeRoot"]
    return list(_types(root.get_object()))


def _types(node: object) -> Iterator[str]:
    found = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(found, ArrayObject):
        for kid in found:
            yield from _types(kid)
    elif isinstance(found, DictionaryObject):
        if "/S" in found:
            yield str(found["/S"])
        if "/K" in found:
            yield from _types(found["/K"])


def fonts_of(document: bytes) -> list[DictionaryObject]:
    """The descriptors of the fonts that the pages use."""
    reader = PdfReader(io.BytesIO(document))
    found = []
    for sheet in reader.pages:
        for font in sheet["/Resources"]["/Font"].values():  # type: ignore[index]
            (descendant,) = font.get_object()["/DescendantFonts"]
            found.append(descendant.get_object()["/FontDescriptor"].get_object())
    return found


def language_of(document: bytes) -> str:
    return str(PdfReader(io.BytesIO(document)).root_object["/Lang"])


def ua_faults(document: bytes) -> list[str]:
    """What a checker by others, which is held against veraPDF's corpus, says against PDF/UA-1."""
    report = page.validate_pdf_bytes(
        document, profile=page.ValidationProfile.PDF_UA_1, limits=page.SafetyLimits.unlimited()
    )
    return [f"{one.rule_id}: {one.message}" for one in report.failures]
