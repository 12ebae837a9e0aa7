"""What the demo looks like when all of it is there."""

from typing import Any

from deploy.demo.catalogue import PAPERS
from tests.support.api import Api
from tests.support.stack import Stack

STATES = {"submitted": "submitted", "complete": "complete", "half": "under_way"}
ROLES = ["admin", "admin", "admin", "appointee", "board", "user", "user-no-iamis"]


def is_whole(stack: Stack) -> None:
    """Fail unless every account, paper, mark, sample and allocation of the demo is there once."""
    assert sorted(account["role"] for account in stack.accounts) == ROLES
    admins = [account for account in stack.accounts if account["role"] == "admin"]
    for account in admins:
        _centre_is_whole(Api.signed_in(stack.base_url, account), str(account["centre_no"]))
    board = next(account for account in stack.accounts if account["role"] == "board")
    listed = Api.signed_in(stack.base_url, board).get("/api/marks/papers?rows=200").expect(200)
    assert sorted(one["code"] for one in listed["papers"]) == sorted(p["code"] for p in PAPERS)


def _centre_is_whole(admin: Api, centre_no: str) -> None:
    listed = admin.get(f"/api/marks/centres/{centre_no}/papers").expect(200)["papers"]
    expected = {p["code"]: p for p in PAPERS if centre_no in p["entries"]}
    assert {one["code"] for one in listed} == set(expected)
    for one in listed:
        _paper_is_whole(admin, centre_no, one, expected[one["code"]])


def _paper_is_whole(
    admin: Api, centre_no: str, listed: dict[str, Any], paper: dict[str, Any]
) -> None:
    candidates = paper["entries"][centre_no]
    fill = paper.get("fill", "none")
    done = {"none": 0, "half": candidates // 2}.get(fill, candidates)
    found = (listed["candidates"], listed["done"], listed["state"])
    assert found == (candidates, done, STATES.get(fill, "not_started")), listed["code"]
    of_sheet = f"centres/{centre_no}/papers/{listed['id']}"
    sample = admin.get(f"/api/sampling/{of_sheet}/sample").expect(200)
    assert (sample["state"] == "generated") is (fill == "submitted"), listed["code"]
    if fill == "submitted":
        moderator = admin.get(f"/api/identity/{of_sheet}/moderator").expect(200)
        assert moderator["name"] == "Gwilym Hopkins"
