"""Accounts made by the operators' command, many by one process: each start of one takes a second.

python -m tests.support.newcomers HOME ROLE CENTRE COUNT
"""

import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from shared.cli import main
from tests.support.stack import ROOT, Stack

SECONDS = 120


def newcomers(
    stack: Stack, count: int, role: str = "user", centre_no: str = ""
) -> list[dict[str, Any]]:
    """New accounts, in the form of `demo-accounts.json`."""
    command = [sys.executable, "-m", "tests.support.newcomers", str(stack.path)]
    command += [role, centre_no, str(count)]
    made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=SECONDS)
    accounts: list[dict[str, Any]] = json.loads(made.stdout)
    return accounts


def _make(home: Path, role: str, centre_no: str) -> dict[str, Any]:
    email = f"newcomer-{secrets.token_hex(6)}@{centre_no or 'bryn'}.example"
    arguments = ["--home", str(home), "create-user", email, "--role", role]
    arguments += ["--centre", centre_no] if centre_no else []
    told = _run([*arguments, "--first-name", "Cadi", "--last-name", "Llwyd"])
    return {
        "email": told["Account"],
        "password": told["Password"],
        "totp_secret": told["TOTP secret"],
        "role": role,
        "centre_no": centre_no or None,
        "name": "Cadi Llwyd",
    }


def _run(arguments: Sequence[str]) -> dict[str, str]:
    printed = StringIO()
    with redirect_stdout(printed):
        main(arguments, standalone_mode=False)
    return dict(line.split(": ", 1) for line in printed.getvalue().splitlines())


if __name__ == "__main__":
    given_home, given_role, given_centre, given_count = sys.argv[1:]
    everybody = [_make(Path(given_home), given_role, given_centre) for _ in range(int(given_count))]
    print(json.dumps(everybody))
