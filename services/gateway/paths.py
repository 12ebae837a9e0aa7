"""The addresses of the pages, for views, redirects and templates (there as `paths`)."""

from services.gateway.service_paths import GROUP


def home() -> str:
    return "/"


def marks() -> str:
    return "/marks"


def board() -> str:
    return "/board"


def board_entries() -> str:
    return "/board/entries"


def allocations() -> str:
    return "/allocations"


def no_access() -> str:
    return "/no-access"


def services() -> str:
    return "/services"


def account() -> str:
    return "/account"


def guide() -> str:
    return "/guide"


def menu(centre_no: str) -> str:
    return f"/centres/{centre_no}/papers"


def reports(centre_no: str) -> str:
    return f"/centres/{centre_no}/reports"


def marksheet(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/marksheet"


def samples(centre_no: str, paper_id: str) -> str:
    return f"{marksheet(centre_no, paper_id)}?show=samples"


def submission(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/submission"


def evidence(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/evidence"


def report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/report"


def moderator_report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator-report"


def sample(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/sample"


def moderator(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator"


def evidence_of(centre_no: str, paper_id: str, place: str) -> str:
    """Where on the page a candidate's files are; `place` is a candidate number or `group`."""
    return f"{evidence(centre_no, paper_id)}#{place if place == GROUP else f'c{place}'}"


def upload_evidence(centre_no: str, paper_id: str, place: str) -> str:
    return f"{evidence(centre_no, paper_id)}/{place}"


def delete_evidence(centre_no: str, paper_id: str, place: str, file_id: str) -> str:
    return f"{upload_evidence(centre_no, paper_id, place)}/{file_id}/delete"


def clerical_error(centre_no: str, paper_id: str, candidate_no: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/candidates/{candidate_no}/clerical-error"


def history(centre_no: str, paper_id: str, candidate_no: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/candidates/{candidate_no}/history"
