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
