"""The addresses of the pages, for views, redirects and templates (there as `paths`)."""


def home() -> str:
    return "/"


def marks() -> str:
    return "/marks"


def board() -> str:
    return "/board"


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


def moderator(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator"


def clerical_error(centre_no: str, paper_id: str, candidate_no: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/candidates/{candidate_no}/clerical-error"


def submission(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/submission"


def evidence(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/evidence"


def evidence_of(centre_no: str, paper_id: str, candidate_no: str) -> str:
    """The part of the evidence page that is about one candidate."""
    return f"{evidence(centre_no, paper_id)}#c{candidate_no}"


def report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/report"


def moderator_report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator-report"
