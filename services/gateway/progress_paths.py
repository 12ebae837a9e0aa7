"""Addresses of the pages that tell how far centres are, and where the services count it."""

from urllib.parse import quote


def of_series() -> str:
    return "/board/progress"


def of_paper(paper_id: str) -> str:
    return f"/board/papers/{paper_id}/progress"


def of_centre(centre_no: str) -> str:
    return f"/centres/{centre_no}/progress"


def figures(centre_no: str, paper_id: str) -> str:
    """The marks of a centre's paper as a plot."""
    return f"/centres/{centre_no}/papers/{paper_id}/figures"


def counted(series: str, form: str = "json") -> str:
    """What marks counts of a series."""
    return f"/api/marks/progress?series={quote(series)}&format={form}"


def all_marks(series: str, form: str) -> str:
    return f"/api/marks/exports/marks?series={quote(series)}&format={form}"


def statistics(series: str) -> str:
    return f"/api/marks/statistics?series={quote(series)}&format=csv"


def counted_of_paper(paper_id: str) -> str:
    return f"/api/marks/papers/{paper_id}/progress"


def behind(centre_no: str) -> str:
    return f"/api/marks/centres/{centre_no}/progress"


def bundles(centre_no: str) -> str:
    """Where all reports of a centre are asked for."""
    return f"/centres/{centre_no}/reports/all"


def bundle(centre_no: str, bundle_id: str) -> str:
    """How far they are."""
    return f"{bundles(centre_no)}/{bundle_id}"
