"""The operators' commands on a system that runs, and where there is none."""

from pathlib import Path

import pyotp
import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import Api, entries
from tests.support.faults import emitted
from tests.support.operator import iamis
from tests.support.sheet import Sheet
from tests.support.stack import Stack
from tests.support.waiting import wait_for

MANY = 5_000
UNCHANGED = "0 added, 0 changed, 0 withdrawn, 5000 unchanged.\n"
SECONDS = 60
NAMES = ("--first-name", "Cadi", "--last-name", "Llwyd")


@pytest.fixture
def sheet(make_sheet: MakeSheet) -> Sheet:
    """A sheet with one candidate."""
    return make_sheet(1)


@pytest.fixture
def file(sheet: Sheet, tmp_path: Path) -> Path:
    """Entries of 5,000 candidates for that sheet, the one who is there among them."""
    path = tmp_path / "entries.csv"
    code = sheet.paper()["code"]
    path.write_text(entries(code, sheet.centre_no, range(1, MANY + 1)), encoding="utf-8")
    return path


def test_5000_entries_are_loaded_while_the_system_runs(
    stack: Stack, sheet: Sheet, file: Path
) -> None:
    done = iamis(stack.path, "import-entries", file)
    assert (done.status, done.out) == (0, "4999 added, 0 changed, 0 withdrawn, 1 unchanged.\n")
    assert "Storing" in done.seen
    assert "100%" in done.seen
    subject = f"{sheet.centre_no}/{sheet.paper_id}"
    told = emitted(stack, "marks", "entries.changed.v1", subject)

    again = iamis(stack.path, "import-entries", file)
    assert (again.status, again.out) == (0, UNCHANGED)
    assert emitted(stack, "marks", "entries.changed.v1", subject) == told
    assert sheet.paper()["candidates"] == MANY

    def all_reported() -> bool:
        return len(sheet.report()["rows"]) == MANY

    wait_for("reports knows the candidates", all_reported, SECONDS)


def test_one_bad_line_among_5000_is_named_and_nothing_is_stored(
    stack: Stack, sheet: Sheet, file: Path
) -> None:
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3210] = lines[3210].replace("2015-02-28", "2015-02-30")
    file.write_text("".join(lines), encoding="utf-8")
    refused = iamis(stack.path, "import-entries", file)
    assert refused.status == 1
    assert "Line 3211, dob:" in refused.seen
    assert "Nothing was stored." in refused.seen
    assert sheet.paper()["candidates"] == 1


def test_an_account_made_while_the_system_runs_signs_in(stack: Stack, accounts: Accounts) -> None:
    arguments = ("--role", "user", "--centre", accounts.centre_no)
    file = stack.path.with_name("password")
    file.write_text("mynydd-afon-llyn\n")
    made = iamis(
        stack.path, "create-user", "cadi@afon.example", *arguments, *NAMES, "--password-file", file
    )
    assert made.status == 0, made.seen
    told = dict(line.split(": ", 1) for line in made.out.splitlines())
    account = {"email": told["Account"], "password": "mynydd-afon-llyn"}
    api = Api.signed_in(stack.base_url, account | {"totp_secret": told["TOTP secret"]})
    assert api.user["name"] == "Cadi Llwyd"


def test_a_code_of_a_demo_account_is_printed(stack: Stack) -> None:
    account = stack.accounts[-1]
    totp = pyotp.TOTP(account["totp_secret"])
    before = totp.now()
    printed = iamis(stack.path, "totp", account["email"])
    assert printed.status == 0
    assert printed.out.strip() in {before, totp.now()}


WHERE_NOTHING_IS = [
    (("import-entries", "FILE"), "start the system once"),
    (("create-user", "a@b.example", "--role", "board", *NAMES, "--password-file", "FILE"), "once"),
    (("totp", "a@b.example"), "There is no"),
]


@pytest.mark.parametrize(("arguments", "words"), WHERE_NOTHING_IS)
def test_where_nothing_was_ever_started_it_says_so(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    home, file = tmp_path / "home", tmp_path / "file"
    file.write_text(entries("T00001", "68101", [1]), encoding="utf-8")
    refused = iamis(home, *(file if one == "FILE" else one for one in arguments))
    assert (refused.status, refused.out) == (1, "")
    assert words in refused.seen
    assert "Traceback" not in refused.seen
    assert not home.exists()
