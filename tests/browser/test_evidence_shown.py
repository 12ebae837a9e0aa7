"""What a moderator sees of evidence without leaving the browser, and how its pieces are named."""

import base64
import io
import math
import struct
import wave
import zlib

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import NARROW, SignedInPage
from tests.browser.papers import MadePaper
from tests.browser.test_evidence import (
    Accessible,
    NewPaper,
    evidence_of,
    file,
    sampled,
    submitted_and_known,
)

__all__ = ["sampled"]
RATE = 8000
# More than a part.
LARGE = 9_000_000
# A second of a square that turns red, by the browser's own recorder.
RECORD = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  const drawn = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  const ended = new Promise((resolve) => { recorder.onstop = resolve; });
  recorder.start();
  for (let red = 0; red < 20; red += 1) {
    drawn.fillStyle = `rgb(${red * 12}, 0, 0)`;
    drawn.fillRect(0, 0, 64, 64);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  recorder.stop();
  await ended;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
SHOWN = """() => {
  const media = document.querySelector("video, audio");
  const image = document.querySelector("img");
  if (media) { return media.readyState >= 1 ? "plays" : ""; }
  return image && image.complete && image.naturalWidth ? `${image.naturalWidth} wide` : "";
}"""


def picture(size: int) -> bytes:
    """A red PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = (b"\0" + b"\xff\0\0" * size) * size
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def tone() -> bytes:
    """Half a second of a tone, as WAV."""
    samples = [int(9000 * math.sin(n / 3)) for n in range(RATE // 2)]
    with io.BytesIO() as kept:
        with wave.open(kept, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(struct.pack(f"<{len(samples)}h", *samples))
        return kept.getvalue()


def payload(name: str, kind: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def looked_at(page: Page, name: str) -> Page:
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=f"View {name}").click()
    opened.value.wait_for_load_state()
    return opened.value


def test_pictures_sound_and_films_are_shown_and_nothing_in_them_runs(
    sampled: MadePaper, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    film = base64.b64decode(page.evaluate(RECORD))
    hostile = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    page.locator("#c0001-input").set_input_files([
        payload("a.png", "image/png", picture(40)),
        payload("b.wav", "audio/wav", tone()),
        payload("c.webm", "video/webm", film),
        payload("d.svg", "image/svg+xml", hostile),
    ])  # fmt: skip
    expect(page.locator("#c0001-files li")).to_have_count(4)
    expect(page.locator("#c0001-files").get_by_text("View")).to_have_count(3)
    for name, shown in (("a.png", "40 wide"), ("b.wav", "plays"), ("c.webm", "plays")):
        opened = looked_at(page, name)
        found = opened.wait_for_function(SHOWN)
        assert found.json_value() == shown, name
        opened.close()


@pytest.mark.long
def test_a_pdf_is_handed_to_the_viewer_of_the_browser(
    sampled: MadePaper, signed_in_page: SignedInPage
) -> None:
    report = f"{sampled.api('reports')}/candidate-details?format=pdf"
    pdf = sampled.clients["admin"].get(report).content
    page = signed_in_page("user")
    page.goto(evidence_of(sampled))
    page.locator("#c0001-input").set_input_files(payload("d.pdf", "application/pdf", pdf))
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="View d.pdf").click()
    opened.value.wait_for_load_state()
    assert opened.value.evaluate("document.contentType") == "application/pdf"


def several_are_asked_for(page: Page, accessible: Accessible) -> None:
    """Which piece each of several files is has to be said before any is sent."""
    several = [file("plan.txt"), file("answers.txt", b"2")]
    dialog = page.get_by_role("dialog", name="Which piece of work is each file?")
    page.locator("#c0002-input").set_input_files(several)
    dialog.get_by_role("button", name="Cancel").press("Enter")
    expect(dialog).to_be_hidden()
    page.locator("#c0002-input").set_input_files(several)
    accessible(page)
    dialog.get_by_label("answers.txt").select_option("Question set")
    dialog.get_by_role("button", name="Upload").press("Enter")
    expect(dialog.get_by_label("plan.txt")).to_be_focused()
    dialog.get_by_label("plan.txt").select_option("None of these, or all")
    dialog.get_by_role("button", name="Upload").press("Enter")
    listed = page.locator("#c0002-files li")
    expect(listed).to_have_count(2)
    expect(listed.filter(has_text="answers.txt")).to_contain_text("· Question set")
    expect(listed.filter(has_text="plan.txt")).not_to_contain_text("·")
    expect(page.locator("#c0002-piece")).to_have_value("")


def it_is_said_anew(page: Page, accessible: Accessible) -> None:
    """What a file is, without uploading it again; a note of exemption is one file alone."""
    exemption = page.locator("#c0001").get_by_label("A note of exemption")
    exemption.check()
    page.locator("#c0001-input").set_input_files(file("note.txt", b"3"))
    listed = page.locator("#c0001-files li").filter(has_text="note.txt")
    expect(listed).to_contain_text("note of exemption, instead of all the work")
    expect(exemption).not_to_be_checked()
    page.get_by_role("link", name="Change what it is note.txt").click()
    page.get_by_label("Piece of work").select_option("Case Study 1")
    page.get_by_label("A note of exemption").uncheck()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(listed).to_contain_text("· Case Study 1")
    expect(listed).not_to_contain_text("exemption")
    expect(page.locator("#c0001-lacks")).to_have_text("")


def test_files_are_named_as_pieces_and_for_some_candidates(
    new_paper: NewPaper, signed_in_page: SignedInPage, accessible: Accessible
) -> None:
    paper = new_paper(2, upload="group", evidence_pieces=["Case Study 1", "Question set"])
    submitted_and_known(paper)
    page = signed_in_page("user")
    page.goto(evidence_of(paper))
    lacks = page.locator("#c0001-lacks")
    expect(lacks).to_have_text("still lacks evidence: Case Study 1, Question set")
    page.locator("#c0001-piece").select_option("Question set")
    page.locator("#c0001-input").set_input_files(file("q.txt"))
    expect(lacks).to_have_text("still lacks evidence: Case Study 1")
    expect(page.locator("#c0001-piece")).to_have_value("Case Study 1")
    page.get_by_text("Only for some candidates").click()
    page.locator("#group").get_by_label("0002").check()
    page.locator("#group-piece").select_option("Case Study 1")
    page.locator("#c0001-piece").select_option("None of these, or all")
    accessible(page)
    page.locator("#group-input").set_input_files(file("a.bin", b"x" * LARGE))
    expect(page.locator("#group-files")).to_contain_text("Case Study 1 · for 0002")
    expect(page.locator("#c0002-lacks")).to_have_text("still lacks evidence: Question set")
    expect(page.locator("#c0002-piece")).to_have_value("Question set")
    # Nobody's choice for the next file is moved by another file.
    expect(page.locator("#c0001-piece")).to_have_value("")
    expect(lacks).to_have_text("still lacks evidence: Case Study 1")
    several_are_asked_for(page, accessible)
    it_is_said_anew(page, accessible)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
