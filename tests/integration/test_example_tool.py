"""The example tool of the documentation keeps a spreadsheet of samples from the event stream."""

import csv
import subprocess
import sys
from pathlib import Path

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.stack import ROOT, Stack
from tests.support.waiting import wait_for

TOOL = ROOT / "docs" / "examples" / "samples_to_csv.py"
SECONDS = 60


class Tool:
    """The tool as a person starts it, once for what has come so far."""

    def __init__(self, stack: Stack, accounts: Accounts, folder: Path) -> None:
        wanted = {"name": "Samples to CSV", "scopes": ["samples:read", "marks:read"]}
        board = accounts["board"]
        made = board.post("/api/identity/service-accounts", wanted).expect(201)
        self._url, self._client_id = stack.base_url, made["client_id"]
        self._secret, self.path = folder / "secret", folder / "samples.csv"
        self._secret.write_text(made["client_secret"], "utf-8")

    def run(self) -> None:
        files = ("--secret-file", str(self._secret), "--csv", str(self.path))
        command = (sys.executable, str(TOOL), self._url, self._client_id, *files, "--until-quiet")
        subprocess.run(command, check=True, timeout=SECONDS)

    def rows(self, paper_id: str) -> dict[str, str]:
        """Who is in the sample by the spreadsheet, and chosen by whom."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            listed = [row for row in csv.DictReader(file) if row["paper_id"] == paper_id]
        found = {row["candidate_no"]: row["chosen_by"] for row in listed}
        assert len(found) == len(listed), "somebody stands there twice"
        return found


def test_the_spreadsheet_follows(
    stack: Stack, accounts: Accounts, make_sheet: MakeSheet, tmp_path: Path
) -> None:
    tool = Tool(stack, accounts, tmp_path)
    sheet = make_sheet(12)
    sheet.fill_all()
    sheet.submit()
    chosen = {one["candidate_no"]: "system" for one in sheet.wait_for_sample()}

    def holds(expected: dict[str, str]) -> bool:
        tool.run()
        return tool.rows(sheet.paper_id) == expected

    wait_for("the sample in the spreadsheet", lambda: holds(chosen), SECONDS)
    note = {"candidate_nos": ["0002"], "note": "0003's work was lost"}
    sheet.api.post(f"{sheet.sampling}/sample/additions", note).expect(201)
    wait_for("the addition, too", lambda: holds(chosen | {"0002": "centre"}), SECONDS)
