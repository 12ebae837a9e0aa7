"""Keeps a spreadsheet (CSV) of samples up to date from the event stream of IAMIS.

    pip install urllib3
    python samples_to_csv.py http://127.0.0.1:8000 CLIENT_ID --secret-file secret --csv samples.csv

It needs a service account with `samples:read` (and `marks:read`, to hear of submissions that are
undone), which board staff make. Where it was stopped it goes on: what it has seen last stands in
`samples.csv.state`, written after the spreadsheet, so that an event is rather taken in twice.
"""

import argparse
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

COLUMNS = ("centre_no", "paper_id", "candidate_no", "chosen_by", "reason", "due", "at")
SAMPLE = {"iamis.sample.generated.v1", "iamis.sample.extended.v1"}
UNDONE = "iamis.submission.reopened.v1"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Spreadsheet:
    """The rows of each sheet, by `centre/paper id`, and how far the stream has been read.

    `sequences` are those of the newest sample of each sheet: events may come twice, or late.
    """

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    last_id: str = "0"

    def take(self, event: dict[str, Any]) -> bool:
        """Take one event in; whether it changed anything."""
        subject = event["subject"]
        if event["type"] == UNDONE:
            return self.rows.pop(subject, None) is not None
        if event["type"] not in SAMPLE or event["sequence"] <= self.sequences.get(subject, 0):
            return False
        self.sequences[subject] = event["sequence"]
        data = event["data"]
        sheet = {"centre_no": data["centre_no"], "paper_id": data["paper_id"]}
        self.rows[subject] = [sheet | candidate for candidate in data["candidates"]]
        return True

    @classmethod
    def read(cls, path: Path) -> "Spreadsheet":
        state = _beside(path)
        return cls(**json.loads(state.read_text("utf-8"))) if state.exists() else cls()

    def write(self, path: Path) -> None:
        """Both files are put in place whole: whoever opens them sees no half of one."""
        new = path.with_name(path.name + ".new")
        with new.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore")
            writer.writeheader()
            for subject in sorted(self.rows):
                writer.writerows(self.rows[subject])
        new.replace(path)
        new.write_text(json.dumps(vars(self)), "utf-8")
        new.replace(_beside(path))


def _beside(path: Path) -> Path:
    return path.with_name(path.name + ".state")


class Iamis:
    """The two requests that are needed: a token, and the stream that it opens."""

    def __init__(self, url: str, client_id: str, secret: str) -> None:
        self._url, self._client_id, self._secret = url, client_id, secret
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=30))

    def token(self) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret,
        }
        address = f"{self._url}/api/identity/token"
        answer = self._http.request("POST", address, body=urlencode(form), headers=FORM)
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise SystemExit(answer.data.decode())
        return str(answer.json()["access_token"])

    def frames(self, last_id: str) -> Iterator[list[str]]:
        """The lines of each frame of the stream; it ends with the token, after ten minutes."""
        headers = {"Authorization": f"Bearer {self.token()}", "Last-Event-ID": last_id}
        answer = self._http.request(
            "GET", f"{self._url}/api/events", headers=headers, preload_content=False
        )
        rest = ""
        for piece in answer.stream():
            *frames, rest = (rest + piece.decode()).split("\n\n")
            yield from (frame.split("\n") for frame in frames)


def follow(iamis: Iamis, path: Path, *, until_quiet: bool) -> None:
    """Take in what comes; with `until_quiet` only what has come so far."""
    sheet = Spreadsheet.read(path)
    while True:
        for lines in iamis.frames(sheet.last_id):
            fields = dict(line.partition(": ")[::2] for line in lines)
            if fields.get("event") == "lost":
                raise SystemExit("away for more than a day: delete the files and begin anew")
            if "id" in fields:
                sheet.take(json.loads(fields["data"]))
                sheet.last_id = fields["id"]
                sheet.write(path)
            elif until_quiet and lines == [":"]:
                return


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("url")
    arguments.add_argument("client_id")
    arguments.add_argument("--secret-file", type=Path, required=True)
    arguments.add_argument("--csv", type=Path, required=True)
    arguments.add_argument("--until-quiet", action="store_true", help="end when all is taken in")
    given = arguments.parse_args()
    secret = given.secret_file.read_text("utf-8").strip()
    follow(Iamis(given.url, given.client_id, secret), given.csv, until_quiet=given.until_quiet)


if __name__ == "__main__":
    main()
