"""Pages: every word is translated, nothing is inline, nothing comes from another machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment

from tests.guards.page import Page
from tests.guards.tree import ROOT, SOURCES, Guard, at, files, plant

FORM = re.compile(r"<form\b[^>]*")
METHOD = re.compile(r' method="(?:get|post|dialog)"')
# What looks the same wherever it is, and the macro that draws it.
ONE_LOOK = {'_("Download as CSV")': "as_csv"}
MACROS = "services/gateway/templates/macros.html"


def pages(root: Path) -> Iterator[tuple[Path, Page]]:
    for path in files(root, SOURCES, ".html"):
        yield path, Page(path.read_text(encoding="utf-8"))


def untranslated_text(root: Path) -> list[str]:
    found = ((path, finding) for path, page in pages(root) for finding in page.untranslated)
    return [at(root, path, finding.line, finding.what) for path, finding in found]


def inline_code(root: Path) -> list[str]:
    """Scripts and styles in the page, which the content security policy refuses."""
    found = ((path, finding) for path, page in pages(root) for finding in page.inline)
    return [at(root, path, finding.line, finding.what) for path, finding in found]


def foreign_assets(root: Path) -> list[str]:
    found = ((path, finding) for path, page in pages(root) for finding in page.foreign)
    return [at(root, path, finding.line, finding.what) for path, finding in found]


def unnamed_methods(root: Path) -> list[str]:
    """Forms that do not say by their method whether they change something (`shown.py` asks)."""
    return [
        at(root, path, number, form)
        for path in files(root, ("services/gateway",), ".html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for form in FORM.findall(line)
        if not METHOD.search(form)
    ]


def looks_of_their_own(root: Path) -> list[str]:
    """What a page draws by itself, though a macro does."""
    return [
        at(root, path, number, f"drawn by ui.{macro}()")
        for path in files(root, ("services/gateway",), ".html")
        if path.relative_to(root).as_posix() != MACROS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for said, macro in ONE_LOOK.items()
        if said in line
    ]


GUARDS = (untranslated_text, inline_code, foreign_assets, unnamed_methods, looks_of_their_own)


@pytest.mark.parametrize("guard", GUARDS)
def test_the_templates_are_clean(guard: Guard) -> None:
    assert guard(ROOT) == []


GOOD = """{% extends "base.html" %}
{# A comment in English #}
{% block body %}
<h1 class="title {{ 'wide' if wide }}" title="{{ _('Marks') }}">{{ _("Marks of %(c)s", c=c) }}</h1>
<p {% if x > 1 %}hidden{% endif %}>{{ n }} / 12 &middot; 3&times;{{ _('4 "tasks"') }}</p>
{% trans %}Help is <a href="https://example.org">here</a>{% endtrans %}
<a href="https://example.org/{{ path }}">{{ name|upper }}</a>
<input type="hidden" name="csrf" value="abc"><input type="submit" value="{{ _('Save') }}">
<script type="module" src="{{ url_for('static', filename='sheet.js') }}"></script>
{% endblock %}
"""
BAD: tuple[tuple[Guard, str], ...] = (
    (untranslated_text, "<p>Marks</p>"),
    (untranslated_text, "{% if x %}saved{% endif %}"),
    (untranslated_text, "<p>{{ n }} candidates</p>"),
    (untranslated_text, '<p>{{ "Save" }}</p>'),
    (untranslated_text, "<p>{% trans %}Save{% endtrans %} now</p>"),
    (untranslated_text, '<input placeholder="Surname">'),
    (untranslated_text, '<button aria-label="Close {{ x }}"></button>'),
    (untranslated_text, '<input type="submit" value="Save">'),
    (untranslated_text, "<p>Caf&eacute;</p>"),
    (inline_code, "<script>go()</script>"),
    (inline_code, '<script type="application/json">1</script>'),
    (inline_code, "<style>p { margin: 0 }</style>"),
    (inline_code, '<p style="margin: {{ m }}px"></p>'),
    (inline_code, '<button {% if x %}onclick="go()"{% endif %}></button>'),
    (inline_code, '<a href="javascript:go()"></a>'),
    (foreign_assets, '<script src="https://cdn.example/a.js"></script>'),
    (foreign_assets, '<link rel="stylesheet" href="//cdn.example/{{ version }}.css">'),
    (foreign_assets, '<img src="http://cdn.example/a.png">'),
    (unnamed_methods, '<form action="/x"></form>'),
    (unnamed_methods, "<form method=post></form>"),
    (looks_of_their_own, '<a href="/x">{{ _("Download as CSV") }}</a>'),
)


def test_a_good_template_is_allowed(tmp_path: Path) -> None:
    Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(GOOD)
    root = plant(tmp_path, "services/gateway/templates/a.html", GOOD)
    assert untranslated_text(root) + inline_code(root) + foreign_assets(root) == []


@pytest.mark.parametrize(("guard", "text"), BAD)
def test_a_violation_is_refused_on_its_line(tmp_path: Path, guard: Guard, text: str) -> None:
    planted = f"{{% set a = 1\n  -%}}\n{{# b\n c #}}\n{{%- set b = 2 %}} {text}\n"
    (complaint,) = guard(plant(tmp_path, "services/gateway/templates/a.html", planted))
    assert complaint.startswith("services/gateway/templates/a.html:5: ")
