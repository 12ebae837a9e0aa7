"""How file names are kept: every name is taken, and none can mislead or misplace."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.files.names import BIDIRECTIONAL, LONGEST, clean


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("work.pdf", "work.pdf"),
        ("../../x", "x"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\Case Study.docx", "Case Study.docx"),
        ("/srv\\mixed/deep\\name.txt", "name.txt"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\u2066left\u2069\u200e\u061c.txt", "left.txt"),
        ("tab\there\r\nand\x00there\x7f\x85.txt", "tabhereandthere.txt"),
        ("line\u2028and\u2029paragraph", "lineandparagraph"),
        ("lone\ud800surrogate", "lonesurrogate"),
        ("  spaces around.txt \u00a0", "spaces around.txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        (
            "Gwaith \u0174yn \U0001f468\u200d\U0001f469.png",
            "Gwaith Ŵyn \U0001f468\u200d\U0001f469.png",
        ),
        ("semi;colon\"quote'.txt", "semi;colon\"quote'.txt"),
        ("...hidden", "...hidden"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        (" . . ", "file"),
        ("folder/", "file"),
        ("\u202e\x00", "file"),
        ("a" * 300, "a" * 255),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
        ("a" * 254 + ".pdf", "a" * 251 + ".pdf"),
        ("a" * 255, "a" * 255),
        ("a." + "b" * 300, "a." + "b" * 253),
        ("a" * 254 + " b" * 20, "a" * 254),
    ],
)
def test_a_name_is_kept_as(given_name: str, kept: str) -> None:
    assert clean(given_name) == kept


ANY_NAME = st.text(max_size=400) | st.text(alphabet="ab./\\ \u202e\u0301\x00é", max_size=400)


@given(ANY_NAME)
@example("a\x00\u0301")
@example("x" * 250 + "\u0301" * 20 + ".t")
def test_every_name_is_kept_in_a_safe_form(given_name: str) -> None:
    kept = clean(given_name)
    assert 1 <= len(kept) <= LONGEST
    assert "/" not in kept
    assert "\\" not in kept
    assert kept.strip(". ")
    assert kept == kept.strip()
    assert unicodedata.is_normalized("NFC", kept)
    assert not {unicodedata.category(one) for one in kept} & {"Cc", "Cs", "Zl", "Zp"}
    assert not BIDIRECTIONAL & set(kept)
    kept.encode()


@given(ANY_NAME)
def test_a_kept_name_stays_as_it_is(given_name: str) -> None:
    assert clean(clean(given_name)) == clean(given_name)


@given(
    st.text(alphabet="abc é", min_size=1, max_size=400), st.sampled_from(["pdf", "docx", "jpeg"])
)
def test_the_extension_survives(stem: str, extension: str) -> None:
    assert clean(f"{stem}x.{extension}").endswith(f".{extension}")


def test_all_that_reorders_is_known() -> None:
    """Every character whose only sense is direction (Unicode's bidirectional controls)."""
    controls = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    found = {
        chr(code) for code in range(0x110000) if unicodedata.bidirectional(chr(code)) in controls
    }
    assert found | {"\u061c", "\u200e", "\u200f"} == BIDIRECTIONAL
