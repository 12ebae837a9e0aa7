"""A backup while people work, a disaster, and the state of the backup again."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Accounts
from tests.integration.lifetime.conftest import NewSheet
from tests.support.allocating import allocate
from tests.support.api import Api
from tests.support.faults import all_told, emitted, kept_down
from tests.support.operator import Typed, iamis
from tests.support.sheet import Sheet
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

FILE = hashlib.shake_256(b"evidence").digest(9 * 2**20)
SCHEME = b"%PDF-1.7 the mark scheme, annotated"
SECONDS = 60

pytestmark = pytest.mark.long


def done(ended: Typed) -> str:
    assert ended.status == 0, ended.out + ended.seen
    return ended.out


def refused(ended: Typed) -> str:
    assert ended.status == 1, ended.out
    return ended.seen


def lose_everything(stack: Stack) -> Path:
    """Where what is kept apart from the home is: its secret key, and the accounts of the demo."""
    apart = stack.path.with_name("apart")
    apart.mkdir()
    for file in stack.home.secret_file("secret-key"), stack.home.accounts_file:
        shutil.copy(file, apart)
    shutil.rmtree(stack.path)
    return apart


@dataclass(frozen=True)
class Work:
    """What is done when the backup is made: whole, half, and told but not taken in."""

    whole: Sheet
    file: str
    half: Sheet
    on_its_way: Sheet
    receipt: dict[str, Any]
    backup: Path
    attached: str
    moderator: Api


def attach(sheet: Sheet, accounts: Accounts) -> str:
    """Where a file is that goes with the moderator's report on the sheet."""
    moderator, at = accounts["appointee"], f"{sheet.reports}/moderator-report"
    allocate(accounts["board"], moderator.user["email"], sheet.centre_no, sheet.paper_id)
    sections = dict.fromkeys(("tasks", "accuracy", "administration"), "In order.")
    written = {"sections": sections, "outcome": "accepted"}
    wait_for("allocated", lambda: moderator.call("PUT", at, written).status in {200, 201})
    added = moderator.upload(f"{at}/files", "scheme.pdf", SCHEME).expect(201)
    return f"{at}/files/{added['id']}"


@pytest.fixture(scope="module")
def work(
    stack: Stack,
    new_sheet: NewSheet,
    accounts: Accounts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Work:
    whole, half, on_its_way = (new_sheet(count) for count in (12, 10, 11))
    whole.fill_all()
    whole.submit()
    whole.settle()
    files = whole.wait_for_uploads(str(whole.wait_for_sample()[0]["candidate_no"]))
    stored = whole.api.upload(files, "gwaith.zip", FILE).expect(201)
    attached = attach(whole, accounts)
    half.fill_all(40)
    on_its_way.fill_all()
    backup = tmp_path_factory.mktemp("kept") / "backup"
    with kept_down(stack, "sampling"):
        receipt = on_its_way.submit()
        done(iamis(stack.path, "backup", backup))
    evidence, moderator = f"{files}/{stored['id']}", accounts["appointee"]
    return Work(whole, evidence, half, on_its_way, receipt, backup, attached, moderator)


def go_on_working(work: Work) -> None:
    """All that is to be gone after the disaster."""
    work.half.fill_all(99)
    work.half.submit()
    work.half.settle()
    work.on_its_way.settle()
    work.whole.api.call("DELETE", work.file).expect(204)
    work.moderator.call("DELETE", work.attached).expect(204)


def damage(backup: Path) -> Path:
    """A copy of the backup with one byte changed."""
    copied = backup.with_name("damaged")
    shutil.copytree(backup, copied)
    evidence = next(path for path in (copied / "evidence").rglob("*") if path.is_file())
    content = bytearray(evidence.read_bytes())
    content[-1] ^= 1
    evidence.write_bytes(content)
    return copied


def test_the_state_of_the_backup_is_back_after_a_disaster(stack: Stack, work: Work) -> None:
    go_on_working(work)
    home, other_key = stack.path, work.backup.with_name("other-key")
    other_key.write_text("f" * 64, encoding="utf-8")
    assert "is not empty" in refused(iamis(home, "backup", work.backup))
    assert "already running" in refused(iamis(home, "restore", work.backup))
    assert stack.stop() == 0
    assert "There are data in" in refused(iamis(home, "restore", work.backup))
    apart = lose_everything(stack)
    key = ("--secret-key-file", apart / "secret-key")
    assert "evidence/" in refused(iamis(home, "restore", damage(work.backup), *key))
    assert "--secret-key-file" in refused(iamis(home, "restore", work.backup))
    wrong = ("--secret-key-file", other_key)
    assert "is not the one" in refused(iamis(home, "restore", work.backup, *wrong))
    assert not home.exists()
    assert f"--home {os.path.relpath(home, ROOT)} up" in done(
        iamis(home, "restore", work.backup, *key)
    )
    shutil.copy(apart / stack.home.accounts_file.name, home)
    stack.start()

    assert {one["total"] for one in work.half.candidates()} == {40}
    assert work.half.paper()["state"] == "complete"
    assert work.whole.api.get(work.file).content == FILE
    assert work.moderator.get(work.attached).content == SCHEME
    assert work.on_its_way.offer().expect(200) == work.receipt
    # Sampling had not heard of it when the backup was made.
    work.on_its_way.settle()
    subject = f"{work.on_its_way.centre_no}/{work.on_its_way.paper_id}"
    assert emitted(stack, "sampling", "sample.generated.v1", subject) == 1


def test_it_is_whole_across_services_and_goes_on(stack: Stack, work: Work) -> None:
    wait_for("every service knows all", lambda: all_told(stack), SECONDS)
    for sheet in work.whole, work.half, work.on_its_way:
        marks = {one["candidate_no"]: one["effective_total"] for one in sheet.candidates()}
        rows = sheet.report()["rows"]
        sampled = {one["candidate_no"] for one in rows if one["sample"] != "No"}
        assert sampled == {one["candidate_no"] for one in sheet.sample()["candidates"]}
        if sheet is not work.half:
            assert {one["candidate_no"]: one["mark"] for one in rows} == marks
    print(done(iamis(stack.path, "evidence", "verify")))
    print(done(iamis(stack.path, "doctor")))
    work.half.submit()
    work.half.settle()
