"""The candidate details report as a page that stands alone and prints without its buttons."""

from pathlib import Path

from services.reports.domain.report import Report
from services.reports.render.words import sample_words, standing_words
from shared.web.templates import environment

TEMPLATES = environment(Path(__file__).parent.parent)

# The page has the gateway's style sheets and script and nothing else.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def as_html(report: Report) -> str:
    """A complete page; the gateway serves the style sheets and the script it names."""
    return TEMPLATES.get_template("candidate_details.html").render(
        report=report, standing=standing_words(report), sample_words=sample_words()
    )
