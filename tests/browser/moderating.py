"""A paper that a moderator works on, and the pages about it."""

from collections.abc import Callable

from tests.browser.papers import MadePaper
from tests.support.waiting import wait_for

ONE_TASK = [{"name": "Task 1", "max": 60}]
MARKS = {f"{number:04d}": 50 - 2 * number for number in range(1, 13)}
SAMPLE = ["0001", "0003", "0005", "0007", "0009", "0011", "0012"]
LATER = "2099-08-20T08:00:00+01:00"


def submitted_to_a_moderator(new_paper: Callable[..., MadePaper]) -> MadePaper:
    """Twelve candidates, submitted and sampled; the moderator is allocated."""
    paper = new_paper(12, tasks=ONE_TASK, tolerance=3, results_day=LATER)
    for number, mark in MARKS.items():
        paper.put(number, tasks=[mark])
    paper.submit()
    paper.wait_for_sample()
    paper.allocate()
    at = f"{paper.api('sampling')}/moderation"
    wait_for("sampling knows", lambda: paper.clients["appointee"].get(at).status == 200)
    return paper


def place(paper: MadePaper, name: str) -> str:
    return paper.page.replace("/marksheet", f"/{name}")
