"""Who may use which route: written by hand, and held against what the services answer.

A route that is not named here fails the test. Of each route stands who gets in; everybody else is
told that there is no such thing (404), or that their account may not (403).
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from shared.web.routes import Route
from tests.unit.access.world import KINDS, NOBODY

PREFIX = 3  # "", "api" and the service
IN, DENIED, FORBIDDEN, HIDDEN = 200, 401, 403, 404
Answers = Mapping[str, int]


def key_of(route: Route) -> str:
    """How the table names a route."""
    return f"{route.method} {route.path.split('/', PREFIX)[PREFIX]}"


OF_SETS = {"of a set", "of another set"}
OWN_STAFF = {"admin", "teacher", "both"} | OF_SETS
OF_OWN_CENTRE = OWN_STAFF | {"no iamis"}
TOOLS = {"tool", "centre tool"}
MODERATORS = {"allocated", "unallocated"}
EVERYBODY = set(KINDS)


@dataclass(frozen=True)
class Expected:
    """Who gets in and who is forbidden; the others are told that there is no such thing.

    `hidden_before` are those who get in only once the paper is submitted.
    """

    admitted: AbstractSet[str]
    forbidden: AbstractSet[str] = field(default_factory=frozenset)
    hidden_before: AbstractSet[str] = field(default_factory=frozenset)

    def of_candidate(self) -> "Expected":
        """The same for a route about one candidate, who is not of the other set."""
        other = {"of another set"}
        return replace(self, admitted=self.admitted - other, forbidden=self.forbidden - other)

    def of(self, method: str) -> "Expected":
        """The same with board staff who look at the centre: as its admin, refused every change."""
        me, answer = {"looking"}, self._answer("admin")
        if answer == IN and method != "GET" and "anonymous" not in self.admitted:
            answer = FORBIDDEN
        return replace(
            self,
            admitted=self.admitted | me if answer == IN else self.admitted - me,
            forbidden=self.forbidden | me if answer == FORBIDDEN else self.forbidden - me,
            hidden_before=self.hidden_before | (me if "admin" in self.hidden_before else set()),
        )

    def own(self) -> Answers:
        """The answers for a submitted paper of the centre of most of them."""
        return {kind: self._answer(kind) for kind in KINDS}

    def before(self) -> Answers:
        """The answers for a paper of that centre that is not submitted."""
        hidden = dict.fromkeys(self.hidden_before, HIDDEN)
        return {**self.own(), **hidden}

    def foreign(self) -> Answers:
        """The answers for the other centre's paper: who is at home there, is as others here."""
        moved = {
            "other admin": self._answer("admin"),
            "admin": self._answer("other admin"),
            "looking": self._answer("looking" if "other admin" in self.admitted else "other admin"),
            "teacher": self._answer("other admin"),
            "no iamis": self._answer("other admin"),
            "restricted": self._answer("other admin"),
            "of a set": self._answer("other admin"),
            "of another set": self._answer("other admin"),
            "allocated": self._answer("unallocated"),
            "centre tool": self._answer("service"),
        }
        return {**self.own(), **moved}

    def _answer(self, kind: str) -> int:
        if kind in self.admitted:
            return IN
        if kind in NOBODY:
            return DENIED
        return FORBIDDEN if kind in self.forbidden else HIDDEN


ANYONE = Expected(EVERYBODY)
SIGNED_IN = Expected(EVERYBODY - set(NOBODY))
BOARD = Expected({"board"}, EVERYBODY)
APPOINTEES = Expected(MODERATORS, EVERYBODY)

_NOT_YET = {"allocated"}
# What is restricted to other papers does not exist for its owner, nor for a tool without scopes.
READERS = Expected(OWN_STAFF | {"allocated", "board"} | TOOLS, {"no iamis"}, _NOT_YET)
STAFF = Expected(OWN_STAFF, {"no iamis", "allocated", "board"}, _NOT_YET)
# What is about the whole of a paper is refused to those who have some teaching sets of it only.
STAFF_OF_ALL = Expected(STAFF.admitted - OF_SETS, STAFF.forbidden | OF_SETS, _NOT_YET)
READERS_OF_ALL = Expected(READERS.admitted - OF_SETS, READERS.forbidden | OF_SETS, _NOT_YET)
STAFF_AND_BOARD = Expected(OWN_STAFF | {"board"}, {"no iamis", "allocated"}, _NOT_YET)
MODERATOR = Expected({"allocated"}, OF_OWN_CENTRE | {"board"}, _NOT_YET)
BOARD_OF_SHEET = Expected({"board"}, OF_OWN_CENTRE | {"allocated"}, _NOT_YET)
MODERATOR_AND_BOARD = Expected({"allocated", "board"}, OF_OWN_CENTRE, _NOT_YET)
AFTER_SUBMISSION = Expected(
    OWN_STAFF | {"board"}, {"no iamis", "allocated"}, OF_OWN_CENTRE | {"allocated", "board"}
)
# The results are not out: the moderator's report does not exist for the centre.
_NOT_SUBMITTED = {"allocated", "board"}
MODERATION = Expected({"allocated", "board"}, hidden_before=_NOT_SUBMITTED)
MODERATING = Expected({"allocated"}, {"board"}, _NOT_SUBMITTED)
DECIDING = Expected({"board"}, {"allocated"}, _NOT_SUBMITTED)
MODERATORS_AND_BOARD = Expected(MODERATORS | {"board"}, EVERYBODY)
UNRELEASED = Expected({"allocated", "board"}, hidden_before=_NOT_YET)

LISTS = Expected(OWN_STAFF | {"restricted", "allocated", "board"} | TOOLS, {"no iamis"})
LISTS_OF_CENTRE = Expected(OWN_STAFF | {"restricted", "board"} | TOOLS, {"no iamis"})
REQUESTS_OF_CENTRE = Expected((OWN_STAFF | {"board"}) - OF_SETS, {"no iamis"} | OF_SETS)
ADMINS = Expected({"admin"}, OF_OWN_CENTRE | {"restricted", "board"})
ADMINS_AND_BOARD = Expected({"admin", "board"}, OF_OWN_CENTRE | {"restricted"})
BOARD_AND_TOOLS = Expected({"board", "tool"}, EVERYBODY)

CENTRE = "centres/<centre_no>"
SHEET = f"{CENTRE}/papers/<paper_id>"
FILES = f"{SHEET}/candidates/<candidate_no>/files"

IDENTITY = {
    "POST sign-in": ANYONE,
    "POST sign-in/password": ANYONE,
    "POST sign-in/totp": ANYONE,
    "POST token/refresh": ANYONE,
    "POST sign-out": ANYONE,
    "GET .well-known/jwks.json": ANYONE,
    "POST sign-in/recovery": ANYONE,
    "POST password/forgotten": ANYONE,
    "POST password/reset": ANYONE,
    "GET me": SIGNED_IN,
    "GET accounts": BOARD,
    "POST accounts": BOARD,
    "GET accounts/<user_id>": BOARD,
    "PATCH accounts/<user_id>": BOARD,
    f"PUT {CENTRE}": BOARD,
    "GET centres": BOARD,
    f"GET {CENTRE}": BOARD,
    f"POST {CENTRE}/looking": BOARD,
    "PATCH me": SIGNED_IN,
    "GET me/address": APPOINTEES,
    "PUT me/address": APPOINTEES,
    "POST me/password": SIGNED_IN,
    "POST me/reauthentication": SIGNED_IN,
    "GET me/invitations": SIGNED_IN,
    "POST me/invitations/<centre_no>": SIGNED_IN,
    "DELETE me/invitations/<centre_no>": SIGNED_IN,
    "GET me/recovery-codes": SIGNED_IN,
    "POST me/recovery-codes": SIGNED_IN,
    "GET me/sessions": SIGNED_IN,
    "DELETE me/sessions": SIGNED_IN,
    "DELETE me/sessions/<session_id>": SIGNED_IN,
    "POST second-factor-resets": BOARD,
    f"DELETE {CENTRE}/users/<user_id>/second-factor": ADMINS,
    "POST token": ANYONE,
    "GET audit": BOARD,
    f"GET {CENTRE}/audit": ADMINS_AND_BOARD,
    "GET service-accounts": BOARD,
    "POST service-accounts": BOARD,
    "POST service-accounts/<client_id>/secret": BOARD,
    "DELETE service-accounts/<client_id>": BOARD,
    "GET allocations": BOARD,
    "POST allocations": BOARD,
    "POST allocations/import": BOARD,
    "DELETE allocations/<allocation_id>": BOARD,
    f"GET {SHEET}/moderator": AFTER_SUBMISSION,
    f"GET {CENTRE}/users": ADMINS_AND_BOARD,
    f"POST {CENTRE}/users/import": ADMINS,
    f"POST {CENTRE}/invitations": ADMINS,
    f"GET {CENTRE}/users/<user_id>": ADMINS_AND_BOARD,
    f"PATCH {CENTRE}/users/<user_id>": ADMINS,
    f"POST {CENTRE}/users/<user_id>/invitation": ADMINS,
    f"DELETE {CENTRE}/users/<user_id>/invitation": ADMINS,
}
MARKS = {
    "GET allocations": APPOINTEES,
    "GET centres": BOARD,
    "POST imports/entries": BOARD_AND_TOOLS,
    f"PUT {SHEET}/amendment-requests/<request_id>/document": STAFF,
    f"GET {SHEET}/amendment-requests/<request_id>/document": STAFF_AND_BOARD,
    "GET papers": BOARD_AND_TOOLS,
    "POST papers": BOARD,
    "PATCH papers/<paper_id>": BOARD,
    "GET papers/<paper_id>": BOARD,
    "DELETE papers/<paper_id>": BOARD,
    "GET paper-drafts": BOARD,
    "POST paper-drafts": BOARD,
    "GET paper-drafts/<draft_id>": BOARD,
    "PUT paper-drafts/<draft_id>": BOARD,
    "DELETE paper-drafts/<draft_id>": BOARD,
    "POST papers/copies": BOARD,
    "GET series": BOARD_AND_TOOLS,
    "GET progress": BOARD,
    "GET exports/marks": BOARD_AND_TOOLS,
    "GET statistics": BOARD_AND_TOOLS,
    "GET papers/<paper_id>/progress": BOARD,
    f"GET {CENTRE}/progress": ADMINS_AND_BOARD,
    f"GET {CENTRE}/papers": LISTS,
    f"GET {SHEET}": READERS,
    f"GET {SHEET}/marksheet": READERS,
    f"PATCH {SHEET}/marksheet": STAFF,
    f"PUT {SHEET}/candidates/<candidate_no>": STAFF,
    f"GET {SHEET}/candidates/<candidate_no>/nearest": STAFF_AND_BOARD,
    f"GET {SHEET}/candidates/<candidate_no>/history": READERS,
    f"GET {SHEET}/submission": STAFF_AND_BOARD,
    f"POST {SHEET}/submission": STAFF_OF_ALL,
    f"GET {SHEET}/exports/marks": STAFF_AND_BOARD,
    f"POST {SHEET}/imports/marks": STAFF,
    f"GET {SHEET}/clerical-errors": READERS,
    f"POST {SHEET}/clerical-errors": MODERATOR,
    f"POST {SHEET}/clerical-errors/acknowledgement": STAFF_OF_ALL,
    f"GET {SHEET}/amendment-requests": STAFF_AND_BOARD,
    f"POST {SHEET}/amendment-requests": STAFF,
    f"PATCH {SHEET}/amendment-requests/<request_id>": BOARD_OF_SHEET,
    f"POST {SHEET}/submission/reopening": BOARD_OF_SHEET,
    "GET amendment-requests": BOARD,
    f"GET {SHEET}/extension-requests": STAFF_AND_BOARD,
    f"POST {SHEET}/extension-requests": STAFF_OF_ALL,
    f"PATCH {SHEET}/extension-requests/<request_id>": BOARD_OF_SHEET,
    "GET extension-requests": BOARD,
    f"GET {SHEET}/entry-requests": REQUESTS_OF_CENTRE,
    f"POST {SHEET}/entry-requests": ADMINS,
    f"PATCH {SHEET}/entry-requests/<request_id>": BOARD,
    "GET entry-requests": BOARD,
}
SAMPLING = {
    f"GET {SHEET}/sample": READERS,
    f"POST {SHEET}/sample/additions": STAFF,
    f"POST {SHEET}/sample/further-requests": MODERATOR_AND_BOARD,
    f"GET {SHEET}/sample/timeline": READERS,
    "GET policies": BOARD,
    "POST policies/preview": BOARD,
    "GET moderations": MODERATORS_AND_BOARD,
    f"GET {SHEET}/moderation": MODERATION,
    f"PATCH {SHEET}/moderation": MODERATING,
    f"PATCH {SHEET}/moderation/marks": MODERATING,
    f"GET {SHEET}/moderation/preview": MODERATION,
    f"POST {SHEET}/moderation/completion": MODERATING,
    f"POST {SHEET}/moderation/decision": DECIDING,
}
UPLOADS = {
    f"GET {SHEET}/files": READERS,
    f"GET {FILES}": READERS,
    f"POST {FILES}": STAFF,
    f"GET {FILES}/<file_id>": READERS,
    f"GET {FILES}/<file_id>/preview": READERS,
    f"PATCH {FILES}/<file_id>": STAFF,
    f"DELETE {FILES}/<file_id>": STAFF,
    f"GET {SHEET}/group-files": READERS_OF_ALL,
    f"POST {SHEET}/group-files": STAFF_OF_ALL,
    f"GET {SHEET}/group-files/<file_id>": READERS_OF_ALL,
    f"GET {SHEET}/group-files/<file_id>/preview": READERS_OF_ALL,
    f"PATCH {SHEET}/group-files/<file_id>": STAFF_OF_ALL,
    f"DELETE {SHEET}/group-files/<file_id>": STAFF_OF_ALL,
    f"GET {SHEET}/files/archive": READERS,
    f"GET {CENTRE}/lacking": LISTS_OF_CENTRE,
    "GET lacking": APPOINTEES,
    f"POST {SHEET}/uploads": STAFF,
    f"GET {SHEET}/uploads/<upload_id>": STAFF,
    f"DELETE {SHEET}/uploads/<upload_id>": STAFF,
    f"PUT {SHEET}/uploads/<upload_id>/parts/<number>": STAFF,
    f"GET {SHEET}/uploads/<upload_id>/parts/<number>/address": STAFF,
    f"POST {SHEET}/uploads/<upload_id>/completion": STAFF,
}
REPORTS = {
    f"GET {CENTRE}/papers": LISTS_OF_CENTRE,
    f"GET {CENTRE}/candidate-details": LISTS_OF_CENTRE,
    f"POST {CENTRE}/bundles": LISTS_OF_CENTRE,
    f"GET {CENTRE}/bundles/<bundle_id>": LISTS_OF_CENTRE,
    f"GET {CENTRE}/bundles/<bundle_id>/file": LISTS_OF_CENTRE,
    f"GET {SHEET}/candidate-details": READERS,
    f"GET {SHEET}/cover-sheets": READERS,
    f"GET {SHEET}/moderator-report": UNRELEASED,
    f"PUT {SHEET}/moderator-report": MODERATOR,
    f"POST {SHEET}/moderator-report/decision": BOARD_OF_SHEET,
    "GET moderator-reports": MODERATORS_AND_BOARD,
    f"POST {SHEET}/moderator-report/files": MODERATOR,
    f"GET {SHEET}/moderator-report/files/<file_id>": UNRELEASED,
    f"DELETE {SHEET}/moderator-report/files/<file_id>": MODERATOR,
}
EXPECTED: Mapping[str, Mapping[str, Expected]] = {
    "identity": IDENTITY,
    "marks": MARKS,
    "sampling": SAMPLING,
    "uploads": UPLOADS,
    "reports": REPORTS,
}
