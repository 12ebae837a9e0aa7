"""The demo and the operators' commands, by the contract."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pyotp
import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support import shapes
from tests.support.api import Api, entries
from tests.support.stack import ROOT, Stack

ROLES = {"admin", "user", "user-no-iamis", "appointee", "board"}
SECONDS = 120


def iamis(
    stack: Stack, *arguments: str, typed: str = "", status: int = 0
) -> subprocess.CompletedProcess[str]:
    """Run an operator's command on the running installation."""
    command = [sys.executable, "-m", "shared.cli", "--home", str(stack.path), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, input=typed, text=True, capture_output=True, timeout=SECONDS, check=False
    )
    assert done.returncode == status, done
    return done


def on_a_terminal(stack: Stack, *arguments: str) -> str:
    """What a person sees of a command: progress is shown to people only."""
    terminal, inside = os.openpty()
    command = [sys.executable, "-m", "shared.cli", "--home", str(stack.path), *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=inside, stderr=inside) as process:
        os.close(inside)
        shown = b""
        with suppress(OSError):  # the end of a terminal
            while piece := os.read(terminal, 4096):
                shown += piece
    os.close(terminal)
    assert process.returncode == 0, shown
    return shown.decode()


def test_the_accounts(stack: Stack) -> None:
    for account in stack.accounts:
        shapes.check(account, email=str, password=str, totp_secret=str, role=str, name=str)
        assert account["centre_no"] is None or re.fullmatch(r"\d{5}", account["centre_no"])
        assert (account["centre_no"] is None) == (account["role"] in {"appointee", "board"})
        assert re.fullmatch(r"[A-Z2-7]{16,}", account["totp_secret"])
    assert {account["role"] for account in stack.accounts} == ROLES
    secrets = [account[name] for account in stack.accounts for name in ("password", "totp_secret")]
    assert len(secrets) == len(set(secrets))


def test_their_order(stack: Stack) -> None:
    first, *others = [one for one in stack.accounts if one["role"] == "admin"]
    assert {one["centre_no"] for one in others} - {first["centre_no"]}
    teacher = next(one for one in stack.accounts if one["role"] == "user")
    assert teacher["centre_no"] == first["centre_no"]


@pytest.fixture(scope="module")
def papers(stack: Stack, accounts: Accounts) -> list[dict[str, Any]]:
    """What the demo's centres see of its two series; tests put theirs into later years."""
    centres = {one["centre_no"] for one in stack.accounts if one["centre_no"]}
    listed = [
        paper | {"centre_no": centre_no}
        for centre_no in centres
        for paper in accounts["board"].get(f"/api/marks/centres/{centre_no}/papers").json["papers"]
    ]
    return [paper for paper in listed if paper["series"]["year"] < 2030]


def test_its_size(papers: list[dict[str, Any]], accounts: Accounts) -> None:
    of_first = [paper for paper in papers if paper["centre_no"] == accounts.centre_no]
    assert len(of_first) >= 8
    assert len({paper["id"] for paper in papers}) >= 12
    assert len({paper["centre_no"] for paper in papers}) == 3
    assert len({tuple(paper["series"].values()) for paper in papers}) == 2
    sizes = {paper["candidates"] for paper in papers}
    assert (min(sizes), max(sizes)) == (1, 250)


def test_every_kind_of_paper_is_there(papers: list[dict[str, Any]]) -> None:
    kinds = Counter[str]()
    for paper in papers:
        tasks = paper["tasks"] or []
        kinds["one task"] += len(tasks) == 1
        kinds["several tasks"] += len(tasks) > 1
        kinds["outcomes"] += bool(paper["outcomes"])
        kinds["linear"] += paper["linear"]
        kinds["initials"] += paper["initials_required"]
        kinds["for each candidate"] += paper["upload"] == "candidate"
        kinds["for the group"] += paper["upload"] == "group"
        kinds["linked"] += bool(paper["linked"])
        kinds["a slash"] += "/" in paper["code"]
        kinds["submitted"] += paper["state"] == "submitted"
        kinds["released"] += paper["results_released"]
    assert {kind for kind, times in kinds.items() if not times} == set()


def test_a_mark_is_carried_forward_on_a_linear_paper(
    papers: list[dict[str, Any]], accounts: Accounts
) -> None:
    codes = set()
    for paper in papers:
        if paper["linear"]:
            sheet = f"/api/marks/centres/{paper['centre_no']}/papers/{paper['id']}/marksheet"
            read = accounts["board"].get(f"{sheet}?rows=all").expect(200)
            codes |= {one["code"] for one in read["candidates"]}
    assert "CF" in codes


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_account_signs_in(accounts: Accounts, role: str) -> None:
    user = accounts[role].user
    kind = "user" if role == "user-no-iamis" else role
    assert user["role"] == kind


def test_totp_of_an_account_and_of_a_secret(stack: Stack) -> None:
    account = stack.accounts[0]
    codes = pyotp.TOTP(account["totp_secret"])
    before = codes.at(int(time.time()))
    printed = [
        iamis(stack, "totp", named).stdout.strip()
        for named in (account["email"], account["totp_secret"])
    ]
    assert {*printed} <= {before, codes.now()}


def test_totp_of_nothing(stack: Stack) -> None:
    assert "Error" in iamis(stack, "totp", "nobody@bryn.example", status=1).stderr


def test_create_user(stack: Stack, accounts: Accounts) -> None:
    person = ["--first-name", "Siân", "--last-name", "O'Neill-Ŵyn"]
    email = "sian.newydd@bryn.example"
    place = ["--role", "user", "--centre", accounts.centre_no]
    made = iamis(stack, "create-user", email, *place, *person)
    told = dict(line.split(": ", 1) for line in made.stdout.splitlines())
    account = {"email": email, "password": told["Password"], "totp_secret": told["TOTP secret"]}
    api = Api.signed_in(stack.base_url, account)
    assert (api.user["name"], api.user["role"]) == ("Siân O'Neill-Ŵyn", "user")
    api.get(f"/api/marks/centres/{accounts.centre_no}/papers").expect(200)
    again = iamis(stack, "create-user", email, *place, *person, status=1)
    assert "already" in again.stderr


def test_import_entries(stack: Stack, accounts: Accounts, make_sheet: MakeSheet) -> None:
    """5,000 of them, twice, in the running system; then a file with one bad line."""
    sheet = make_sheet(1)
    file = stack.path.parent / "entries.csv"
    lines = entries(sheet.paper()["code"], accounts.centre_no, range(1, 5001)).splitlines()
    file.write_text("\n".join(lines), encoding="utf-8")
    shown = on_a_terminal(stack, "import-entries", str(file))
    assert "4999 added" in shown
    assert "100%" in shown
    before = sheet.marksheet(rows=2000)
    assert before["total"] == 5000
    assert "5000 unchanged" in iamis(stack, "import-entries", str(file)).stdout
    assert sheet.marksheet(rows=2000) == before

    lines[3000] = lines[3000].replace("2015-02-28", "tomorrow").replace("Siân", "Alys")
    file.write_text("\n".join(lines).replace("Siân", "Mair"), encoding="utf-8")
    refused = iamis(stack, "import-entries", str(file), status=1)
    assert "3001" in refused.stderr
    assert "dob" in refused.stderr
    assert sheet.marksheet(rows=2000) == before


def test_the_commands_are_listed(stack: Stack) -> None:
    listed = iamis(stack, "--help").stdout
    for command in ("up", "create-user", "import-entries", "totp"):
        assert f"\n  {command} " in listed
