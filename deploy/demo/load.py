"""Puts the demo in: accounts first, then everything else as the board and the teachers would."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.demo.accounts import Signed, make_accounts
from deploy.demo.catalogue import PAPERS, entries_file, marks_for, paper_body
from deploy.demo.client import Client, DemoError, patiently
from shared import clock
from shared.settings import Settings

DECLARED = {"authenticated": True, "standardised": True, "candidates_informed": True}


def load(urls: Mapping[str, str], settings: Settings) -> None:
    """Make the demo in the running services at `urls`; safe to repeat after an interruption."""
    people = make_accounts(settings)
    Demo(urls, people).make()


class Demo:
    """The demo on its way into the services."""

    def __init__(self, urls: Mapping[str, str], people: Sequence[Signed]) -> None:
        by_role = {one.role: one for one in people}
        self.moderator = by_role["appointee"]
        self.board = Client(urls, by_role["board"].token)
        self.centres = {
            one.centre_no: Client(urls, one.token)
            for one in people
            if one.role == "admin" and one.centre_no
        }
        self.today = clock.today()

    def make(self) -> None:
        ids = self.papers()
        path = "/api/marks/imports/entries"
        self.board.call("POST", path, entries_file(self.today), "text/csv")
        for paper in PAPERS:
            for centre_no in paper["entries"]:
                self.allocate(centre_no, ids[paper["code"]])
                self.fill(centre_no, ids[paper["code"]], paper)

    def papers(self) -> dict[str, str]:
        """The ids of the papers by code; those that are there from an interrupted start stay."""
        listed = self.board.call("GET", "/api/marks/papers?rows=200")["papers"]
        ids: dict[str, str] = {one["code"]: one["id"] for one in listed}
        for paper in PAPERS:
            if paper["code"] not in ids:
                body = paper_body(paper, self.today)
                if "linked_with" in paper:
                    body["linked"] = [ids[paper["linked_with"]]]
                ids[paper["code"]] = self.board.call("POST", "/api/marks/papers", body)["id"]
        return ids

    def allocate(self, centre_no: str, paper_id: str) -> None:
        """Every paper of the demo has the one moderator of the demo."""
        body = {"email": self.moderator.email, "centre_no": centre_no, "paper_id": paper_id}
        self.board.retrying("POST", "/api/identity/allocations", body)

    def fill(self, centre_no: str, paper_id: str, paper: dict[str, Any]) -> None:
        if "fill" not in paper:
            return
        centre = self.centres[centre_no]
        sheet = f"/api/marks/centres/{centre_no}/papers/{paper_id}"
        candidates = centre.call("GET", f"{sheet}/marksheet?rows=all")["candidates"]
        marks = marks_for(paper, candidates)
        if marks:
            centre.call("PATCH", f"{sheet}/marksheet", {"candidates": marks})
        if paper["fill"] == "submitted":
            centre.call("POST", f"{sheet}/submission", {"declarations": DECLARED})
            self.wait_for_sample(centre, centre_no, paper_id)

    def wait_for_sample(self, centre: Client, centre_no: str, paper_id: str) -> None:
        path = f"/api/sampling/centres/{centre_no}/papers/{paper_id}/sample"

        def generated() -> None:
            if centre.call("GET", path)["state"] != "generated":
                raise DemoError(path)

        patiently(generated)
