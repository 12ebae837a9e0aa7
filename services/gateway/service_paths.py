"""The addresses, in the interface of each service, of a centre and its papers."""

from urllib.parse import quote, urlencode


def _of_sheet(service: str, centre_no: str, paper_id: str) -> str:
    return f"/api/{service}/centres/{centre_no}/papers/{paper_id}"


def marks(centre_no: str, paper_id: str) -> str:
    return _of_sheet("marks", centre_no, paper_id)


def document(centre_no: str, paper_id: str, request_id: str) -> str:
    """The document of an amendment request."""
    return f"{marks(centre_no, paper_id)}/amendment-requests/{request_id}/document"


def nearest(centre_no: str, paper_id: str, candidate_no: str) -> str:
    """Who may stand in for a candidate of the sample."""
    return f"{marks(centre_no, paper_id)}/candidates/{candidate_no}/nearest"


def sample(centre_no: str, paper_id: str) -> str:
    return _of_sheet("sampling", centre_no, paper_id) + "/sample"


def moderation(centre_no: str, paper_id: str) -> str:
    return _of_sheet("sampling", centre_no, paper_id) + "/moderation"


def policies() -> str:
    return "/api/sampling/policies"


def moderations() -> str:
    return "/api/sampling/moderations"


def uploads(centre_no: str, paper_id: str) -> str:
    return _of_sheet("uploads", centre_no, paper_id)


def files(centre_no: str, paper_id: str, place: str) -> str:
    """The files of a candidate, or with `GROUP` for a place those of the whole group."""
    of_place = "group-files" if place == GROUP else f"candidates/{place}/files"
    return f"{uploads(centre_no, paper_id)}/{of_place}"


def lacking(centre_no: str = "") -> str:
    """Who lacks evidence: of a centre, or of all that is allocated to a moderator."""
    return f"/api/uploads/centres/{centre_no}/lacking" if centre_no else "/api/uploads/lacking"


def report(centre_no: str, paper_id: str) -> str:
    return _of_sheet("reports", centre_no, paper_id) + "/candidate-details"


def cover_sheets(centre_no: str, paper_id: str, centre_name: str) -> str:
    """Reports does not know what a centre is called."""
    named = f"?{urlencode({'centre_name': centre_name})}" if centre_name else ""
    return _of_sheet("reports", centre_no, paper_id) + f"/cover-sheets{named}"


def moderator_report(centre_no: str, paper_id: str) -> str:
    return _of_sheet("reports", centre_no, paper_id) + "/moderator-report"


def moderator(centre_no: str, paper_id: str) -> str:
    return _of_sheet("identity", centre_no, paper_id) + "/moderator"


def users(centre_no: str) -> str:
    return f"/api/identity/centres/{centre_no}/users"


def audit(centre_no: str = "") -> str:
    return f"/api/identity/centres/{centre_no}/audit" if centre_no else "/api/identity/audit"


def bundles(centre_no: str) -> str:
    """All reports of a centre in one file."""
    return f"/api/reports/centres/{centre_no}/bundles"


def bundle(centre_no: str, bundle_id: str) -> str:
    return f"{bundles(centre_no)}/{quote(bundle_id, safe='')}"


def bundle_file(centre_no: str, bundle_id: str) -> str:
    return f"{bundle(centre_no, bundle_id)}/file"


def transfers(centre_no: str, paper_id: str) -> str:
    """Where uploads in parts are begun."""
    return f"{uploads(centre_no, paper_id)}/uploads"


def archive(centre_no: str, paper_id: str) -> str:
    """All evidence of a sheet in one ZIP."""
    return f"{uploads(centre_no, paper_id)}/files/archive"


def sign_in() -> str:
    return "/api/identity/sign-in"


def sign_in_step(step: str) -> str:
    """`totp`, `recovery` or `password`."""
    return f"{sign_in()}/{step}"


def sign_out() -> str:
    return "/api/identity/sign-out"


def refresh() -> str:
    return "/api/identity/token/refresh"


def password_link(step: str) -> str:
    """Whoever has `forgotten` a password, and its `reset` by the mailed link."""
    return f"/api/identity/password/{step}"


def me(part: str = "") -> str:
    """The account of whoever asks, or a part of it, as `password` and `sessions`."""
    return f"/api/identity/me/{part}" if part else "/api/identity/me"


def own_invitations() -> str:
    return me("invitations")


def own_invitation(centre_no: str) -> str:
    return f"{own_invitations()}/{quote(centre_no, safe='')}"


def papers(centre_no: str) -> str:
    return f"/api/marks/centres/{centre_no}/papers"


def papers_of_moderator() -> str:
    return "/api/marks/allocations"


def centres_with_entries() -> str:
    return "/api/marks/centres"


def entries_import() -> str:
    return "/api/marks/imports/entries"


def requests(kind: str) -> str:
    """What all centres have asked for: `amendment`, `entry` or `extension`."""
    return f"/api/marks/{kind}-requests"


def reports(centre_no: str) -> str:
    return f"/api/reports/centres/{centre_no}/papers"


def catalogue() -> str:
    return "/api/marks/papers"


def paper(paper_id: str) -> str:
    return f"{catalogue()}/{paper_id}"


def copies() -> str:
    return f"{catalogue()}/copies"


def series() -> str:
    return "/api/marks/series"


def allocations() -> str:
    return "/api/identity/allocations"


def allocation(allocation_id: str) -> str:
    return f"{allocations()}/{allocation_id}"


def centres() -> str:
    return "/api/identity/centres"


def centre(centre_no: str) -> str:
    return f"{centres()}/{centre_no}"


def looking(centre_no: str) -> str:
    return f"{centre(centre_no)}/looking"


def tools() -> str:
    return "/api/identity/service-accounts"


def tool(client_id: str) -> str:
    return f"{tools()}/{client_id}"


def people() -> str:
    return "/api/identity/accounts"


def person(user_id: str) -> str:
    return f"{people()}/{user_id}"


def user(centre_no: str, user_id: str) -> str:
    return f"{users(centre_no)}/{user_id}"


def invitations(centre_no: str) -> str:
    return f"/api/identity/centres/{centre_no}/invitations"


GROUP = "group"
