"""Addresses of the pages of moderators' reports, and where reports keeps what they show."""

from services.gateway import paths, service_paths


def files(centre_no: str, paper_id: str) -> str:
    """Where a file is added to a report."""
    return f"{paths.moderator_report(centre_no, paper_id)}/files"


def form_of_files(centre_no: str, paper_id: str) -> str:
    """Where they are in the form of the report."""
    return f"{paths.write_moderator_report(centre_no, paper_id)}#files"


def remove_file(centre_no: str, paper_id: str, file_id: str) -> str:
    return f"{files(centre_no, paper_id)}/{file_id}/removal"


def kept_files(centre_no: str, paper_id: str) -> str:
    return f"{service_paths.moderator_report(centre_no, paper_id)}/files"


def kept_file(centre_no: str, paper_id: str, file_id: str) -> str:
    return f"{kept_files(centre_no, paper_id)}/{file_id}"


def decision(centre_no: str, paper_id: str) -> str:
    """Where the board approves a report, or gives it back."""
    return f"{paths.moderator_report(centre_no, paper_id)}/decision"


def said(centre_no: str, paper_id: str) -> str:
    """The same in the interface."""
    return f"{service_paths.moderator_report(centre_no, paper_id)}/decision"


def board_list() -> str:
    return "/board/moderator-reports"


def listed(state: str, rows: str, number: str = "1") -> str:
    """The reports of which the board has said that; a moderator's own, or for the board all."""
    return f"/api/reports/moderator-reports?state={state}&rows={rows}&page={number}"
