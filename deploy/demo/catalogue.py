"""The papers of the demo and their entries, with dates around today."""

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PEOPLE = json.loads((HERE / "people.json").read_text(encoding="utf-8"))
PAPERS: list[dict[str, Any]] = json.loads((HERE / "papers.json").read_text(encoding="utf-8"))
JUNE = 6
ABSENT_SHARE = 0.03
CARRIED_SHARE = 0.2
SETS = ("10A", "10B", "11C")
COLUMNS = (
    "series",
    "qualification",
    "centre_no",
    "paper_code",
    "candidate_no",
    "uci",
    "surname",
    "forenames",
    "dob",
    "teaching_set",
    "action",
)


@dataclass(frozen=True)
class Season:
    """A series and its dates, in days from today; results of the past one are out."""

    month: str
    year: int
    marks: int
    sample: int
    evidence: int
    results: int

    def dates(self, today: date) -> dict[str, str]:
        deadlines = {
            "marks_deadline": self.marks,
            "sample_deadline": self.sample,
            "evidence_until": self.evidence,
        }
        days = {name: today + timedelta(days=days) for name, days in deadlines.items()}
        results = datetime.combine(today + timedelta(days=self.results), time(9, 30), UTC)
        return {name: day.isoformat() for name, day in days.items()} | {
            "results_day": results.isoformat()
        }


def seasons(today: date) -> dict[str, Season]:
    """`now`, whose marks are being entered, and `before`, whose results are out."""
    year = today.year + 1 if today.month > JUNE else today.year
    return {
        "now": Season("JUNE", year, marks=21, sample=28, evidence=60, results=120),
        "before": Season("JUNE", year - 1, marks=-200, sample=-190, evidence=-170, results=-90),
    }


def paper_body(paper: dict[str, Any], today: date) -> dict[str, Any]:
    """The body of `POST /api/marks/papers` for a paper of `papers.json`."""
    season = seasons(today)[paper["series"]]
    tasks = [{"name": name, "max": most} for name, most in paper.get("tasks", [])]
    return {
        "code": paper["code"],
        "title": paper["title"],
        "unit": paper["unit"],
        "qualification": paper["qualification"],
        "series": {"month": season.month, "year": season.year},
        "board": paper["board"],
        "tasks": tasks or None,
        "outcomes": paper.get("outcomes"),
        "linear": paper.get("linear", False),
        "initials_required": paper.get("initials_required", False),
        "sample_policy": paper["sample_policy"],
        "upload": paper.get("upload", "none"),
        "evidence_pieces": paper.get("evidence_pieces", []),
        "max_file_mib": paper.get("max_file_mib"),
        "evidence_advice": paper.get("evidence_advice"),
        "work_to": paper.get("work_to"),
        "tolerance": 3,
        "consortia": paper.get("consortia", []),
        **season.dates(today),
    }


def candidate(centre_no: str, index: int) -> dict[str, str]:
    """The same person for the same centre and index, in every paper."""
    chance = random.Random(f"{centre_no}-{index}")  # noqa: S311 - names of a demo, not secrets
    born = date(2010, 9, 1) + timedelta(days=chance.randrange(365))
    return {
        "candidate_no": f"{1001 + index * 7:04d}",
        "surname": chance.choice(PEOPLE["surnames"]),
        "forenames": chance.choice(PEOPLE["forenames"]),
        "dob": born.isoformat(),
        "teaching_set": SETS[index % len(SETS)],
    }


def entry_rows(today: date) -> Iterator[dict[str, str]]:
    for paper in PAPERS:
        season = seasons(today)[paper["series"]]
        for centre_no, number in paper["entries"].items():
            for index in range(number):
                yield {
                    "series": f"{season.month} {season.year}",
                    "qualification": paper["qualification"],
                    "centre_no": centre_no,
                    "paper_code": paper["code"],
                    "uci": "",
                    "action": "A",
                    **candidate(centre_no, index),
                }


def entries_file(today: date) -> str:
    """All entries of the demo as the CSV that the board imports."""
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(entry_rows(today))
    return file.getvalue()


def marks_for(paper: dict[str, Any], candidates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Marks as a class gets them, for the first half or for all; some absent, initials given.

    `candidates` are all of the marksheet; they get the same marks every time, and those who have
    theirs from an interrupted start are left out.
    """
    chance = random.Random(paper["code"])  # noqa: S311 - marks of a demo, not secrets
    wanted = candidates[: len(candidates) // 2] if paper["fill"] == "half" else candidates
    marked = [(one, _mark(paper, one, chance)) for one in wanted]
    return [mark for one, mark in marked if not one["complete"] and not one["locked"]]


def _mark(paper: dict[str, Any], one: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    row: dict[str, Any] = {"candidate_no": one["candidate_no"], "version": one["version"]}
    initials = {"10A": "MP", "10B": "SO", "11C": "GT"}[one["teaching_set"]]
    drawn = chance.random()
    if drawn < ABSENT_SHARE:
        return {**row, "code": "A"}
    if paper.get("linear") and drawn < ABSENT_SHARE + CARRIED_SHARE:
        return {**row, "code": "CF"}
    if paper.get("outcomes"):
        return {**row, "outcome": chance.choice(paper["outcomes"])}
    share = min(1.0, max(0.1, chance.gauss(0.62, 0.17)))
    return {
        **row,
        "tasks": [round(most * share) for _, most in paper["tasks"]],
        "initials": initials,
    }
