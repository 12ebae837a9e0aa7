"""A template as a reader of its HTML sees it: tags and text, without what Jinja puts in."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

from jinja2 import Environment

LEXER = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
SHOWN_ATTRIBUTES = {"alt", "aria-description", "aria-label", "label", "placeholder", "title"}
BUTTON_TYPES = {"button", "reset", "submit"}
LOADING_TAGS = {"audio", "embed", "iframe", "img", "link", "object", "script", "source", "video"}


class Finding(NamedTuple):
    line: int
    what: str


def html_of(template: str) -> str:
    """The HTML of a template, on the lines it has there.

    What Jinja puts in is left out, and so is the text inside `{% trans %}`. A string that begins
    an expression, as in `{{ "Save" }}`, is kept: it is text like any other.
    """
    html, lines = "", 1
    for line, text in _texts(template):
        html += "\n" * (line - lines) + text
        lines = line + text.count("\n")
    return html


def _texts(template: str) -> Iterator[tuple[int, str]]:
    before, in_trans = "", False
    for line, kind, value in LEXER.lex(template):
        if kind == "data" and not in_trans:
            yield line, value
        if kind == "string" and before == "variable_begin":
            yield line, value[1:-1]
        if before == "block_begin" and value in {"trans", "endtrans"}:
            in_trans = value == "trans"
        if kind != "whitespace":
            before = kind


class Page(HTMLParser):
    """Collects what a template must not have."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.untranslated: list[Finding] = []
        self.inline: list[Finding] = []
        self.foreign: list[Finding] = []
        self.feed(html_of(template))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "style" or (tag == "script" and "src" not in given):
            self._add(self.inline, f"<{tag}>")
        for name, value in given.items():
            self._check_attribute(tag, name, value)
        if tag == "input" and given.get("type") in BUTTON_TYPES:
            self._check_text(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        text = data.lstrip()
        self._check_text(text, data.count("\n") - text.count("\n"))

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        address = value.strip().lower()
        if name == "style" or name.startswith("on") or address.startswith("javascript:"):
            self._add(self.inline, f"{name}={value!r}")
        if tag in LOADING_TAGS and address.startswith(("http:", "https:", "//")):
            self._add(self.foreign, f"<{tag}> loads {value}")
        if name in SHOWN_ATTRIBUTES:
            self._check_text(value)

    def _check_text(self, text: str, lines_down: int = 0) -> None:
        if any(character.isalpha() for character in text):
            self._add(self.untranslated, f"text outside _(): {text.strip()!r}", lines_down)

    def _add(self, findings: list[Finding], what: str, lines_down: int = 0) -> None:
        findings.append(Finding(self.getpos()[0] + lines_down, what))
