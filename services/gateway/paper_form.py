"""A paper of the catalogue as the fields of a form, and back as marks takes it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request

from shared import clock
from shared.i18n import N_
from shared.i18n import gettext as _

MONTHS = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
]
POLICIES = {
    "wjec-rank-order": N_("In steps from the highest mark down"),
    "even-spread-2026": N_("Evenly from the highest mark to the lowest"),
    "per-outcome": N_("A set number of each outcome"),
}
TEXTS = (
    "code",
    "title",
    "unit",
    "qualification",
    "board",
    "evidence_advice",
    "upload_guide",
    "work_to",
    "not_classified",
)
DATES = ("marks_deadline", "sample_deadline", "evidence_until")
CHOICES = ("sample_policy", "upload", "after_deadline")
SWITCHES = ("linear", "initials_required")
LISTS = ("tasks", "outcomes", "evidence_pieces", "consortia")
NUMBERS = ("month", "year", "tolerance", "max_file_mib")
SINGLE = (*TEXTS, *DATES, *CHOICES, *LISTS, *NUMBERS, "day", "time")
LONGEST = 100_000
_WHOLE = re.compile(r"[0-9]{1,9}")
HOUR_OF_RESULTS = "08:00"

Fields = dict[str, Any]


def policy_in_words(name: str) -> str:
    """With the name that papers have it by; one that is no policy of ours has nothing else."""
    return f"{_(POLICIES[name])} ({name})" if name in POLICIES else name


def typed() -> Fields:
    """What the form was sent with."""
    form = request.form
    fields: Fields = {name: form.get(name, "").strip()[:LONGEST] for name in SINGLE}
    fields |= {name: name in form for name in SWITCHES}
    return fields | {"linked": form.getlist("linked")}


def blank(series: Mapping[str, Any] | None) -> Fields:
    """A form for a new paper, maybe of a series."""
    fields: Fields = dict.fromkeys(SINGLE, "") | dict.fromkeys(SWITCHES, False)
    fields |= {
        "linked": [],
        "sample_policy": next(iter(POLICIES)),
        "upload": "none",
        "tolerance": "0",
    }
    fields |= {"after_deadline": "warn", "time": HOUR_OF_RESULTS}
    return fields | ({"month": series["month"], "year": str(series["year"])} if series else {})


def fields_of(paper: Mapping[str, Any]) -> Fields:
    """A paper that there is, as the form shows it."""
    fields: Fields = {name: paper[name] or "" for name in (*TEXTS, *DATES, *CHOICES)}
    fields |= {name: paper[name] for name in (*SWITCHES, "linked")}
    results = datetime.fromisoformat(paper["results_day"]).astimezone(clock.LONDON)
    return fields | {
        "month": paper["series"]["month"],
        "year": str(paper["series"]["year"]),
        "tolerance": str(paper["tolerance"]),
        "max_file_mib": str(paper["max_file_mib"] or ""),
        "day": results.date().isoformat(),
        "time": results.strftime("%H:%M"),
        "tasks": "\n".join(f"{task['name']}, {task['max']}" for task in paper["tasks"] or ()),
        "outcomes": "\n".join(paper["outcomes"] or ()),
        "evidence_pieces": "\n".join(paper["evidence_pieces"]),
        "consortia": "\n".join(", ".join(centres) for centres in paper["consortia"]),
    }


def as_paper(fields: Fields) -> dict[str, Any]:
    """What marks is asked to keep; what is no number stays text, for marks to name it."""
    paper = {name: fields[name] for name in (*TEXTS, *DATES, *CHOICES, *SWITCHES, "linked")}
    tasks = [_task(line) for line in _lines(fields["tasks"])]
    return paper | {
        "series": series_of(fields["month"], fields["year"]),
        "tasks": tasks or None,
        "outcomes": _lines(fields["outcomes"]) or None,
        "evidence_pieces": _lines(fields["evidence_pieces"]),
        "not_classified": fields["not_classified"] or None,
        "tolerance": _number(fields["tolerance"]),
        "max_file_mib": _number(fields["max_file_mib"] or "0"),
        "results_day": _instant(fields["day"], fields["time"]),
        "consortia": [_parts(line) for line in _lines(fields["consortia"])],
    }


def version_typed() -> int:
    """Of the draft that the form shows; 0, which none has, where it is no number."""
    given = request.form.get("version", "")
    return int(given) if _WHOLE.fullmatch(given) else 0


def series_of(month: str, year: str) -> dict[str, Any]:
    return {"month": month, "year": _number(year)}


def errors_by_field(errors: Mapping[str, str]) -> dict[str, str]:
    """What marks refused, by the field of the form: a task is named by its line.

    A draft has what is typed under `given`.
    """
    found: dict[str, str] = {}
    for pointer, said in errors.items():
        name, *rest = pointer.strip("/").removeprefix("given/").split("/")
        at = {"results_day": "day", "series": rest[0] if rest else "month"}.get(name, name)
        line = rest[0] if rest and name in {*LISTS, "linked"} and rest[0].isdecimal() else ""
        here = _("Line %(line)s: %(said)s", line=int(line) + 1, said=said) if line else said
        found.setdefault(at, here)
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(line: str) -> list[str]:
    return [part.strip() for part in line.split(",") if part.strip()]


def _task(line: str) -> dict[str, Any]:
    """A name and the most marks, the last comma between them."""
    name, _comma, most = line.rpartition(",")
    return {"name": name.strip(), "max": _number(most)}


def _number(text: str) -> int | str:
    given = text.strip()
    return int(given) if _WHOLE.fullmatch(given) else given


def _instant(day: str, time: str) -> str:
    """The moment in London, with its offset; what is no moment is given on as it is."""
    try:
        moment = datetime.fromisoformat(f"{day}T{time}")
    except ValueError:
        return f"{day}T{time}"
    return moment.replace(tzinfo=clock.LONDON).isoformat()
