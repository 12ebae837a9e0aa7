"""All candidate details reports of a centre in one: a PDF, or a ZIP of PDFs."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from zipstream import ZipStream

from services.reports.domain.report import Paper, Report
from services.reports.render.pdf import details_as_pdf, made, of_everything, table_of
from services.reports.render.replies import name_of
from shared.i18n import gettext as _
from shared.i18n import in_language, language
from shared.spreadsheets import file_name

ZIP = "application/zip"
PDF = "application/pdf"
MEDIA = (PDF, ZIP)


def name_of_bundle(centre_no: str, ending: str) -> str:
    return f"{file_name('candidate-details', centre_no)}.{ending}"


def as_pdf(centre_no: str, reports: Sequence[Report]) -> bytes:
    """The reports one after another, with a list of them in front."""
    head = of_everything(_("CANDIDATE DETAILS REPORTS"), centre_no)
    tables = [{"paper": one.paper.full_title, **table_of(one)} for one in reports]
    return made("bundle", head | {"reports": tables})


def as_zip(
    centre_no: str, papers: Sequence[Paper], report_of: Callable[[Paper], Report]
) -> ZipStream:
    """A PDF for each paper, made when it is its turn to be sent."""
    spoken = language()
    return packed(
        (name_of(centre_no, paper, "pdf"), _document(spoken, paper, report_of)) for paper in papers
    )


def packed(documents: Iterable[tuple[str, Iterator[bytes]]]) -> ZipStream:
    """A ZIP of what is named so; each is read when it is its turn to be sent."""
    archive = ZipStream()
    for name, content in documents:
        archive.add(content, name)
    return archive


def _document(spoken: str, paper: Paper, report_of: Callable[[Paper], Report]) -> Iterator[bytes]:
    # The answer has begun, so the language is no longer that of a request.
    with in_language(spoken):
        document = details_as_pdf(report_of(paper))
    yield document
