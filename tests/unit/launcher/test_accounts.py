"""The demo accounts on the screen."""

import json
from pathlib import Path

from shared.launcher.accounts import table


def test_accounts_stand_in_columns(tmp_path: Path) -> None:
    file = tmp_path / "accounts.json"
    accounts = [
        {"role": "admin", "email": "a@x.example", "password": "pw", "centre_no": "68101"},
        {"role": "appointee", "email": "m@y.example", "password": "longer", "centre_no": None},
    ]
    file.write_text(json.dumps(accounts), encoding="utf-8")

    assert table(file).splitlines() == [
        "  Role       Email        Password  Centre",
        "  admin      a@x.example  pw        68101",
        "  appointee  m@y.example  longer",
    ]
