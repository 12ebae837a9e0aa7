"""The one OpenAPI document: valid, and true of what the contract names and of what is answered."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.integration.conftest import Accounts, Allocate, MakeSheet
from tests.support.api import Answer, Api
from tests.support.sheet import DECLARED, Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

SHEET = "/centres/{}/papers/{}"
FILES = f"/api/uploads{SHEET}/candidates/{{}}/files"
GROUP = f"/api/uploads{SHEET}/group-files"
ROUTES = {
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
        resource: Resource[Any] = Resource(contents=document, specification=DRAFT202012)
        self.registry: Registry[Any] = Registry().with_resource("urn:iamis", resource)

    def check(self, method: str, path: str, answer: Answer) -> None:
        """The status is named, and the JSON is of the schema named for it."""
        template = next(t for t in self.document["paths"] if self._matches(t, path))
        operation = self.document["paths"][template][method.lower()]
        assert str(answer.status) in operation["responses"], f"{method} {template}: {answer.status}"
        content = operation["responses"][str(answer.status)].get("content", {})
        media = answer.headers.get("Content-Type", "").partition(";")[0]
        if media not in content:
            assert not answer.content, f"{method} {template} answers {media}: {[*content]}"
            return
        at = f"#/paths/{_pointer(template)}/{method.lower()}/responses/{answer.status}"
        schema = {"$ref": f"urn:iamis{at}/content/{_pointer(media)}/schema"}
        validator = Draft202012Validator(schema, registry=self.registry)
        assert [error.message for error in validator.iter_errors(answer.json)] == []

    @staticmethod
    def _matches(template: str, path: str) -> bool:
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        return re.fullmatch(pattern, path.partition("?")[0]) is not None


def _pointer(part: str) -> str:
    """A member's name in a JSON pointer that is part of a URI."""
    escaped = part.replace("~", "~0").replace("/", "~1")
    return escaped.replace("{", "%7B").replace("}", "%7D").replace("+", "%2B")


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


def asked(sheet: Sheet, accounts: Accounts) -> list[tuple[str, str, str, object]]:
    """Who asks for what, for one answer or refusal of nearly every route."""
    centre = f"centres/{sheet.centre_no}"
    absent = {"code": "A"}
    return [
        ("user", "GET", f"/api/marks/{centre}/papers", None),
        ("user", "GET", f"{sheet.path}/marksheet?rows=3", None),
        ("user", "GET", f"{sheet.path}/marksheet?rows=all&changed_since=0", None),
        ("user", "GET", f"{sheet.path}/marksheet?rows=none", None),
        ("user", "GET", f"{sheet.path}/candidates/0001/history", None),
        ("user", "PUT", f"{sheet.path}/candidates/0001", absent),
        ("user", "PUT", f"{sheet.path}/candidates/0001", {}),
        ("user", "PUT", f"{sheet.path}/candidates/9999", absent),
        ("board", "PUT", f"{sheet.path}/candidates/0001", absent),
        ("user", "PATCH", f"{sheet.path}/marksheet", {"candidates": [absent]}),
        ("user", "PATCH", f"{sheet.path}/marksheet?atomic=true", {"candidates": [absent]}),
        ("user", "POST", f"{sheet.path}/submission", {"declarations": DECLARED}),
        ("user", "POST", f"{sheet.path}/submission", {}),
        ("user", "POST", f"{sheet.path}/clerical-errors", {}),
        ("appointee", "POST", f"{sheet.path}/clerical-errors", {}),
        ("user", "GET", f"{sheet.sampling}/sample", None),
        ("user", "POST", f"{sheet.sampling}/sample/additions", {}),
        ("user", "POST", f"{sheet.sampling}/sample/further-requests", {}),
        ("user", "GET", sheet.files("0012"), None),
        ("user", "GET", f"{sheet.uploads}/group-files", None),
        ("user", "GET", f"{sheet.files('0012')}/none", None),
        ("user", "DELETE", f"{sheet.files('0012')}/none", None),
        ("user", "POST", sheet.files("0012"), {}),
        ("user", "GET", f"{sheet.reports}/candidate-details", None),
        ("user", "GET", f"{sheet.reports}/candidate-details?format=csv", None),
        ("user", "GET", f"{sheet.reports}/candidate-details?format=html", None),
        ("user", "GET", f"{sheet.identity}/moderator", None),
        ("admin", "GET", f"/api/identity/{centre}/users", None),
        ("admin", "POST", f"/api/identity/{centre}/invitations", {}),
        ("admin", "PATCH", f"/api/identity/{centre}/users/none", {}),
        ("board", "POST", "/api/identity/allocations", {}),
        ("board", "POST", "/api/marks/papers", {}),
        ("board", "POST", "/api/marks/imports/entries", {}),
        ("user", "GET", "/api/identity/.well-known/jwks.json", None),
        ("user", "POST", "/api/identity/sign-in", {"email": "x", "password": "x"}),
        ("user", "POST", "/api/identity/sign-in/totp", {"challenge": "x", "code": "x"}),
        ("user", "POST", "/api/identity/token/refresh", {"refresh_token": "x"}),
    ]


def test_answers_are_as_it_says(document: dict[str, Any], sheet: Sheet, accounts: Accounts) -> None:
    described = Described(document)
    for role, method, path, body in asked(sheet, accounts):
        described.check(method, path, accounts[role].call(method, path, body))
