"""The one OpenAPI document: valid, and true of what the contract names and of what is answered."""

import re
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support.api import Answer, Api
from tests.support.sheet import DECLARED, Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

SHEET = "/centres/{}/papers/{}"
FILES = f"/api/uploads{SHEET}/candidates/{{}}/files"
GROUP = f"/api/uploads{SHEET}/group-files"
ROUTES = {
    "/api/events": {"get"},
    "/api/identity/sign-in": {"post"},
    "/api/identity/sign-in/password": {"post"},
    "/api/identity/sign-in/totp": {"post"},
    "/api/identity/token/refresh": {"post"},
    "/api/identity/sign-out": {"post"},
    "/api/identity/.well-known/jwks.json": {"get"},
    "/api/identity/centres/{}/users": {"get"},
    "/api/identity/centres/{}/invitations": {"post"},
    "/api/identity/centres/{}/users/{}": {"patch"},
    "/api/identity/allocations": {"post"},
    f"/api/identity{SHEET}/moderator": {"get"},
    "/api/marks/papers": {"post"},
    "/api/marks/imports/entries": {"post"},
    "/api/marks/centres/{}/papers": {"get"},
    f"/api/marks{SHEET}/marksheet": {"get", "patch"},
    f"/api/marks{SHEET}/candidates/{{}}": {"put"},
    f"/api/marks{SHEET}/candidates/{{}}/history": {"get"},
    f"/api/marks{SHEET}/submission": {"post"},
    f"/api/marks{SHEET}/clerical-errors": {"post"},
    f"/api/sampling{SHEET}/sample": {"get"},
    f"/api/sampling{SHEET}/sample/additions": {"post"},
    f"/api/sampling{SHEET}/sample/further-requests": {"post"},
    FILES: {"get", "post"},
    f"{FILES}/{{}}": {"get", "delete"},
    GROUP: {"get", "post"},
    f"{GROUP}/{{}}": {"get", "delete"},
    f"/api/reports{SHEET}/candidate-details": {"get"},
}


@pytest.fixture(scope="module")
def document(stack: Stack) -> dict[str, Any]:
    read: dict[str, Any] = Api(stack.base_url).get("/api/openapi.json").expect(200)
    return read


def test_it_is_valid_and_whole(document: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert "x-unavailable" not in document
    errors = [*OpenAPIV31SpecValidator(document).iter_errors()]
    assert errors == []


def test_every_route_of_the_contract_is_in_it(document: dict[str, Any]) -> None:
    found: dict[str, set[str]] = {}
    for path, operations in document["paths"].items():
        found.setdefault(re.sub(r"\{\w+\}", "{}", path), set()).update(operations)
    missing = {path: methods - found.get(path, set()) for path, methods in ROUTES.items()}
    assert {path: methods for path, methods in missing.items() if methods} == {}


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    ids = [
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    ]
    assert len(ids) == len(set(ids))


class Described:
    """Answers held against what the document says of them."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    def check(self, method: str, path: str, answer: Answer) -> None:
        """The status and the kind of content are named, and JSON is of the schema named for it."""
        content = self._content(method, path, answer.status)
        media = answer.headers.get("Content-Type", "").partition(";")[0]
        if not answer.content:
            assert content == {}
        elif media not in content:
            assert "*/*" in content, f"{method} {path} answers {media}"
        elif media.endswith("json"):
            schema = {"allOf": [content[media]["schema"]], "components": self.components}
            errors = jsonschema_rs.validator_for(schema).iter_errors(answer.json)
            assert [error.message for error in errors] == [], f"{method} {path}"

    @property
    def components(self) -> Any:
        return self.document["components"]

    def _content(self, method: str, path: str, status: int) -> Any:
        paths = self.document["paths"]
        template = next(one for one in paths if self._matches(one, path))
        responses = paths[template][method.lower()]["responses"]
        assert str(status) in responses, f"{method} {template}: {status}"
        return responses[str(status)].get("content", {})

    @staticmethod
    def _matches(template: str, path: str) -> bool:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        return re.fullmatch(pattern, path.partition("?")[0]) is not None


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> Described:
    return Described(document)


@pytest.fixture(scope="module")
def sheet(make_sheet: MakeSheet, allocate: Allocate) -> Sheet:
    sheet = make_sheet(12)
    moderator = allocate(sheet).api
    sheet.fill({f"{number:04d}": [number] for number in range(1, 13)})
    sheet.submit()
    sheet.wait_for_uploads("0012")
    sheet.api.upload(sheet.files("0012"), "a.txt", b"x").expect(201)
    wait_for("moderated", lambda: moderator.get(f"{sheet.path}/marksheet").status == 200)
    slip = {"candidate_no": "0001", "tasks": [9], "reason": "Slip"}
    moderator.post(f"{sheet.path}/clerical-errors", slip).expect(201)
    wait_for("identity knows", lambda: sheet.api.get(f"{sheet.identity}/moderator").status == 200)
    wait_for("reports knows", lambda: sheet.report()["submitted_at"])
    return sheet


# Who asks for what, for an answer or a refusal of nearly every route; `{file}` is a file's id.
Asked = tuple[str, str, str, object]
OF_SHEET: list[Asked] = [
    ("user", "GET", "marks/marksheet?rows=3", None),
    ("user", "GET", "marks/marksheet?rows=all&changed_since=0", None),
    ("user", "GET", "marks/marksheet?rows=none", None),
    ("user", "GET", "marks/candidates/0001/history", None),
    ("user", "PUT", "marks/candidates/0001", {"code": "A"}),
    ("user", "PUT", "marks/candidates/0001", {}),
    ("user", "PUT", "marks/candidates/9999", {"code": "A"}),
    ("board", "PUT", "marks/candidates/0001", {"code": "A"}),
    ("user", "PATCH", "marks/marksheet", {"candidates": [{"code": "A"}]}),
    ("user", "PATCH", "marks/marksheet?atomic=true", {"candidates": [{"code": "A"}]}),
    ("user", "POST", "marks/submission", {"declarations": DECLARED}),
    ("user", "POST", "marks/submission", {}),
    ("user", "POST", "marks/clerical-errors", {}),
    ("appointee", "POST", "marks/clerical-errors", {}),
    ("user", "GET", "sampling/sample", None),
    ("user", "POST", "sampling/sample/additions", {}),
    ("user", "POST", "sampling/sample/further-requests", {}),
    ("user", "GET", "uploads/candidates/0012/files", None),
    ("user", "GET", "uploads/candidates/0012/files/{file}", None),
    ("user", "GET", "uploads/candidates/0012/files/none", None),
    ("user", "DELETE", "uploads/candidates/0012/files/none", None),
    ("user", "POST", "uploads/candidates/0012/files", {}),
    ("user", "GET", "uploads/group-files", None),
    ("user", "GET", "reports/candidate-details", None),
    ("user", "GET", "reports/candidate-details?format=csv", None),
    ("user", "GET", "reports/candidate-details?format=html", None),
    ("user", "GET", "identity/moderator", None),
]
OF_OTHERS: list[Asked] = [
    ("user", "GET", "marks/centres/{centre}/papers", None),
    ("admin", "GET", "identity/centres/{centre}/users", None),
    ("admin", "POST", "identity/centres/{centre}/invitations", {}),
    ("admin", "PATCH", "identity/centres/{centre}/users/none", {}),
    ("board", "POST", "identity/allocations", {}),
    ("board", "POST", "marks/papers", {}),
    ("board", "POST", "marks/imports/entries", {}),
    ("user", "GET", "identity/.well-known/jwks.json", None),
    ("user", "POST", "identity/sign-in", {"email": "x", "password": "x"}),
    ("user", "POST", "identity/sign-in/totp", {"challenge": "x", "code": "x"}),
    ("user", "POST", "identity/token/refresh", {"refresh_token": "x"}),
]


@pytest.mark.parametrize("asked", OF_SHEET, ids=str)
def test_answers_of_a_sheet_are_as_it_says(
    described: Described, sheet: Sheet, accounts: Accounts, asked: Asked
) -> None:
    role, method, path, body = asked
    (file,) = sheet.api.get(sheet.files("0012")).expect(200)["files"]
    service, _slash, rest = path.format(file=file["id"]).partition("/")
    whole = f"/api/{service}/centres/{sheet.centre_no}/papers/{sheet.paper_id}/{rest}"
    described.check(method, whole, accounts[role].call(method, whole, body))


@pytest.mark.parametrize("asked", OF_OTHERS, ids=str)
def test_other_answers_are_as_it_says(
    described: Described, accounts: Accounts, asked: Asked
) -> None:
    role, method, path, body = asked
    whole = "/api/" + path.format(centre=accounts.centre_no)
    described.check(method, whole, accounts[role].call(method, whole, body))
