"""Pages from templates: escaped, strict, translated, days as the reader writes them."""

from datetime import date
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shared.i18n import in_language
from shared.web.templates import environment


def rendered(folder: Path, text: str, **values: object) -> str:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "page.html").write_text(text, encoding="utf-8")
    return environment(folder).get_template("page.html").render(**values)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ name }}", "&lt;Ŵyn&gt;"),
        ('{{ _("Marks of %(name)s, 100%%", name=name) }}', "Marks of &lt;Ŵyn&gt;, 100%"),
        ('{{ ngettext("%(num)s of %(name)s", "%(num)s for %(name)s", 2, name=name) }}', "2 for "),
        ("{% trans %}Hello {{ name }}{% endtrans %}", "Hello &lt;Ŵyn&gt;"),
        ("{{ language() }}", "cy"),
        ("{{ day|date }}", "07/06/2015"),
    ],
)
def test_what_a_template_shows(tmp_path: Path, text: str, shown: str) -> None:
    with in_language("cy"):
        page = rendered(tmp_path, text, name="<Ŵyn>", day=date(2015, 6, 7))
    assert shown in page


def test_a_name_nobody_gave_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        rendered(tmp_path, "{{ nobody }}")
