"""The release before this one, at work while this one's migrations are run: nobody notices.

So it is when copies are replaced one by one. A migration that old code cannot live with belongs
into the release after: first what is new is added, and only when nobody needs the old it goes.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import migrate
from shared.launcher.environment import environment, for_preparing, merged
from shared.launcher.ports import free_ports
from shared.service import load_service, service_names
from shared.settings import inherited
from tests.integration.conftest import Accounts
from tests.support.api import entries, paper
from tests.support.faults import all_told, database_of
from tests.support.sheet import Sheet
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

SECONDS = 60
CANDIDATES = 19
MIGRATIONS = ("services/*/migrations/*.py", "shared/migrations/*.py")

pytestmark = pytest.mark.long


def git(*arguments: str) -> str:
    program = shutil.which("git")
    assert program
    command = [program, "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def previous() -> str:
    """The newest release, or the commit before the newest migration where there is none yet."""
    tags = git("tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").split()
    if tags:
        return tags[0]
    # Of those that are there: what was taken back has none of its tables.
    there = [str(path.relative_to(ROOT)) for glob in MIGRATIONS for path in ROOT.glob(glob)]
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", *there)
    return f"{newest}^"


@pytest.fixture
def old_code(tmp_path: Path) -> Path:
    try:
        commit = git("rev-parse", "--verify", previous())
    except subprocess.CalledProcessError:
        pytest.skip("the history is not here")
    folder, archive = tmp_path / "old", tmp_path / "old.tar"
    git("archive", f"--output={archive}", commit)
    folder.mkdir()
    shutil.unpack_archive(archive, folder, filter="data")
    return folder


@pytest.fixture
def old_stack(old_code: Path, tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path / "home", free_ports(1)[0], code=old_code)
    try:
        stack.start()
        yield stack
    finally:
        stack.end()


def prepare(stack: Stack) -> None:
    """What a new release does before its first copy starts; the old one goes on."""
    told = environment(stack.home, stack.instance.ports) | for_preparing(stack.home)
    command = [sys.executable, "-m", "shared.cli", "prepare", *service_names()]
    subprocess.run(command, cwd=ROOT, env=merged(inherited(), told), check=True)


def revisions(stack: Stack) -> dict[str, list[str]]:
    chains = {name: migrate.chain_of(load_service(name)) for name in service_names()}
    found = {}
    for name, chain in chains.items():
        with database_of(stack, name) as database, database.engine.connect() as connection:
            found[name] = chain.revisions(connection) + migrate.PLATFORM.revisions(connection)
    return found


def new_sheet(accounts: Accounts, code: str) -> Sheet:
    board = accounts["board"]
    made = board.post("/api/marks/papers", paper(code)).expect(201)["id"]
    file = entries(code, accounts.centre_no, range(1, CANDIDATES + 1))
    board.post_csv("/api/marks/imports/entries", file).expect(200)
    return Sheet(accounts["user"], accounts.centre_no, made)


def do_the_main_job(sheet: Sheet) -> None:
    sheet.submit()
    sheet.settle()
    files = sheet.wait_for_uploads(str(sheet.wait_for_sample()[0]["candidate_no"]))
    stored = sheet.api.upload(files, "gwaith.txt", b"evidence").expect(201)
    assert sheet.api.get(f"{files}/{stored['id']}").content == b"evidence"
    assert {row["mark"] for row in sheet.report()["rows"]} == {61}


def test_the_previous_release_works_on_the_tables_of_this_one(old_stack: Stack) -> None:
    accounts = Accounts(old_stack)
    begun = new_sheet(accounts, "P00001")
    begun.fill_all(61)
    before = revisions(old_stack)
    prepare(old_stack)
    after = revisions(old_stack)
    assert after != before
    print({name: (before[name], after[name]) for name in after if after[name] != before[name]})

    do_the_main_job(begun)
    later = new_sheet(accounts, "P00002")
    later.fill_all(61)
    do_the_main_job(later)
    wait_for("every service knows all", lambda: all_told(old_stack), SECONDS)
