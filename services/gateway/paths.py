"""The addresses of the pages, for views, redirects and templates (there as `paths`)."""

from services.gateway.service_paths import GROUP
from shared.mail.folder import PAGE as MAIL


def home() -> str:
    return "/"


def marks() -> str:
    return "/marks"


def board() -> str:
    return "/board"


def board_entries() -> str:
    return "/board/entries"


def board_requests() -> str:
    return "/board/requests"


def people(kind: str) -> str:
    """The accounts of a kind: `appointee` or `board`."""
    return f"/board/accounts/{kind}"


def invite_person(kind: str) -> str:
    return f"{people(kind)}/invite"


def person(kind: str, user_id: str) -> str:
    return f"{people(kind)}/{user_id}"


def board_centres() -> str:
    return "/board/centres"


def add_centre() -> str:
    return f"{board_centres()}/new"


def rename_centre(centre_no: str) -> str:
    return f"{board_centres()}/{centre_no}"


def catalogue() -> str:
    return "/board/papers"


def add_paper() -> str:
    return f"{catalogue()}/new"


def copy_papers() -> str:
    return f"{catalogue()}/copy"


def change_paper(paper_id: str) -> str:
    return f"{catalogue()}/{paper_id}"


def tools() -> str:
    return "/board/service-accounts"


def add_tool() -> str:
    return f"{tools()}/new"


def tool(client_id: str) -> str:
    return f"{tools()}/{client_id}"


def board_allocations() -> str:
    return "/board/allocations"


def import_allocations() -> str:
    return f"{board_allocations()}/import"


def allocate() -> str:
    return f"{board_allocations()}/new"


def allocations() -> str:
    return "/allocations"


def no_access() -> str:
    return "/no-access"


def services() -> str:
    return "/services"


def account() -> str:
    return "/account"


def password() -> str:
    return "/account/password"


def own_address() -> str:
    return "/account/address"


def recovery_codes() -> str:
    return "/account/recovery-codes"


def sessions() -> str:
    return "/account/sessions"


def invitations() -> str:
    return "/account/invitations"


def session() -> str:
    return "/session"


def stay() -> str:
    return "/session/stay"


def go_on(found_by: str) -> str:
    return f"/continue/{found_by}"


def forgot_password() -> str:
    return "/forgot-password"


def reset_password() -> str:
    return "/reset-password"


def dev_mail() -> str:
    return MAIL


def menu(centre_no: str) -> str:
    return f"/centres/{centre_no}/papers"


def users(centre_no: str) -> str:
    return f"/centres/{centre_no}/users"


def audit_of_centre(centre_no: str) -> str:
    return f"/centres/{centre_no}/audit"


def audit() -> str:
    return "/board/audit"


def invite_user(centre_no: str) -> str:
    return f"{users(centre_no)}/invite"


def import_users(centre_no: str) -> str:
    return f"{users(centre_no)}/import"


def user(centre_no: str, user_id: str) -> str:
    return f"{users(centre_no)}/{user_id}"


def reports(centre_no: str) -> str:
    return f"/centres/{centre_no}/reports"


def marksheet(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/marksheet"


def amendments(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/amendments"


def add_document(centre_no: str, paper_id: str, request_id: str) -> str:
    """Where a document is added to an amendment request."""
    return f"{amendments(centre_no, paper_id)}/{request_id}/document"


def centre_requests(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/requests"


def reopening(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/reopening"


def marks_file(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/marks-file"


def samples(centre_no: str, paper_id: str) -> str:
    return f"{marksheet(centre_no, paper_id)}?show=samples"


def submission(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/submission"


def submissions(centre_no: str) -> str:
    """Several papers submitted at once."""
    return f"/centres/{centre_no}/submissions"


def evidence(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/evidence"


def report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/report"


def moderator_report(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator-report"


def write_moderator_report(centre_no: str, paper_id: str) -> str:
    return f"{moderator_report(centre_no, paper_id)}/edit"


def sample(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/sample"


def address_label(centre_no: str, paper_id: str) -> str:
    return f"{moderator(centre_no, paper_id)}/label"


def moderator(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderator"


def evidence_of(centre_no: str, paper_id: str, place: str) -> str:
    """Where on the page a candidate's files are; `place` is a candidate number or `group`."""
    return f"{evidence(centre_no, paper_id)}#{place if place == GROUP else f'c{place}'}"


def upload_evidence(centre_no: str, paper_id: str, place: str) -> str:
    return f"{evidence(centre_no, paper_id)}/{place}"


def delete_evidence(centre_no: str, paper_id: str, place: str, file_id: str) -> str:
    return f"{upload_evidence(centre_no, paper_id, place)}/{file_id}/delete"


def describe_evidence(centre_no: str, paper_id: str, place: str, file_id: str) -> str:
    return f"{upload_evidence(centre_no, paper_id, place)}/{file_id}/describe"


def clerical_error(centre_no: str, paper_id: str, candidate_no: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/candidates/{candidate_no}/clerical-error"


def corrections(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/clerical-errors"


def moderation(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/moderation"


def moderation_preview(centre_no: str, paper_id: str) -> str:
    return f"{moderation(centre_no, paper_id)}/preview"


def timeline(centre_no: str, paper_id: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/timeline"


def policies() -> str:
    return "/board/policies"


def board_moderations() -> str:
    return "/board/moderations"


def history(centre_no: str, paper_id: str, candidate_no: str) -> str:
    return f"{menu(centre_no)}/{paper_id}/candidates/{candidate_no}/history"
