"""The options above the marksheet, in the words of the page."""

from collections.abc import Iterator, Mapping

from services.gateway.marksheet.filters import Filters
from shared.i18n import gettext as _


def choices() -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Name and label of each list to choose from, and the text of each of its values."""
    yield "rows", _("Rows"), {"20": "20", "50": "50", "100": "100", "all": _("All")}
    by = {"candidate_no": _("Candidate No"), "name": _("Name"), "mark": _("Mark")}
    yield "sort", _("Sort by"), by
    shown = {
        "all": _("All"),
        "unmarked": _("Unmarked"),
        "marked": _("Marked"),
        "samples": _("Samples"),
    }
    yield "show", _("Show"), shown


def in_force(filters: Filters) -> Iterator[str]:
    """What is not as usual: to be known where the options are folded, too."""
    chosen = filters.chosen
    if "search" in chosen:
        yield f"“{filters.search}”"
    for name, label, texts in choices():
        if name in chosen:
            yield f"{label}: {texts[getattr(filters, name)]}"
    if "teaching_set" in chosen:
        yield filters.teaching_set
