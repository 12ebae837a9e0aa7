"""One centre's paper, as an account of the centre uses it through the contract."""

from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlencode

from tests.support.api import Answer, Api
from tests.support.waiting import wait_for

DECLARED = {"authenticated": True, "standardised": True, "candidates_informed": True}


class Sheet:
    """The paths of a centre's paper in every service, and what is done with them."""

    def __init__(self, api: Api, centre_no: str, paper_id: str) -> None:
        self.api = api
        self.centre_no = centre_no
        self.paper_id = paper_id
        of_sheet = f"centres/{centre_no}/papers/{paper_id}"
        self.path = f"/api/marks/{of_sheet}"
        self.sampling = f"/api/sampling/{of_sheet}"
        self.uploads = f"/api/uploads/{of_sheet}"
        self.reports = f"/api/reports/{of_sheet}"
        self.identity = f"/api/identity/{of_sheet}"

    def seen_by(self, api: Api) -> Self:
        """The same sheet, used by somebody else."""
        return type(self)(api, self.centre_no, self.paper_id)

    # ---- marks ----

    def marksheet(self, **query: object) -> dict[str, Any]:
        asked = f"{self.path}/marksheet?{urlencode({'rows': 'all'} | query)}"
        read: dict[str, Any] = self.api.get(asked).expect(200)
        return read

    def candidates(self, **query: object) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.marksheet(**query)["candidates"]
        return found

    def candidate(self, number: str) -> dict[str, Any]:
        return next(one for one in self.candidates() if one["candidate_no"] == number)

    def history(self, number: str) -> list[dict[str, Any]]:
        path = f"{self.path}/candidates/{number}/history"
        changes: list[dict[str, Any]] = self.api.get(path).expect(200)["changes"]
        return changes

    def put(self, number: str, body: object, **headers: str) -> Answer:
        return self.api.call("PUT", f"{self.path}/candidates/{number}", body, headers)

    def saved(self, number: str, **body: object) -> dict[str, Any]:
        """Save one candidate's mark; the candidate as answered."""
        candidate: dict[str, Any] = self.put(number, body).expect(200)
        return candidate

    def patch(self, *rows: object, query: str = "") -> Answer:
        return self.api.call("PATCH", f"{self.path}/marksheet{query}", {"candidates": rows})

    def fill(self, marks: dict[str, list[int]]) -> None:
        rows = [{"candidate_no": number, "tasks": tasks} for number, tasks in marks.items()]
        saved = self.patch(*rows).expect(200)
        assert saved["refused"] == []
        assert len(saved["saved"]) == len(rows)

    def fill_all(self, mark: int = 50) -> None:
        """The same mark for everybody, of a paper with one task."""
        self.fill({one["candidate_no"]: [mark] for one in self.candidates() if not one["locked"]})

    def paper(self) -> dict[str, Any]:
        """The paper as the centre's list shows it."""
        listed = self.api.get(f"/api/marks/centres/{self.centre_no}/papers").expect(200)
        found: dict[str, Any] = next(p for p in listed["papers"] if p["id"] == self.paper_id)
        return found

    # ---- submission and sample ----

    def offer(self, **declared: object) -> Answer:
        """Ask to submit."""
        return self.api.post(f"{self.path}/submission", {"declarations": DECLARED | declared})

    def submit(self) -> dict[str, Any]:
        receipt: dict[str, Any] = self.offer().expect(201)
        return receipt

    def sample(self) -> dict[str, Any]:
        sample: dict[str, Any] = self.api.get(f"{self.sampling}/sample").expect(200)
        return sample

    def wait_for_sample(self) -> list[dict[str, Any]]:
        """The sampled candidates, once generated; the wait is bounded and printed."""
        wait_for("sample generated", lambda: self.sample()["state"] == "generated")
        candidates: list[dict[str, Any]] = self.sample()["candidates"]
        return candidates

    def settle(self) -> None:
        """Wait until the marksheet, too, has the sample: then nothing more changes by itself."""
        chosen = len(self.wait_for_sample())
        wait_for(
            "ticks on the marksheet", lambda: self.marksheet(show="samples")["total"] == chosen
        )

    # ---- evidence and report ----

    def files(self, number: str) -> str:
        """The path of a candidate's files."""
        return f"{self.uploads}/candidates/{number}/files"

    def wait_for_uploads(self, number: str) -> str:
        """The path of a sampled candidate's files, once uploads knows the sample."""
        wait_for(f"uploads asks for evidence of {number}", lambda: number in self.asked_for())
        return self.files(number)

    def asked_for(self) -> set[str]:
        """The numbers of those whom uploads asks for evidence."""
        listed = self.api.get(f"{self.uploads}/files")
        candidates = listed.json["candidates"] if listed.status == HTTPStatus.OK else []
        return {one["candidate_no"] for one in candidates}

    def wait_for_report(self) -> None:
        """Until reports knows of the paper and of who is entered for it."""
        path = f"{self.reports}/candidate-details"
        wait_for("reports knows the paper", lambda: self.api.get(path).status == 200)

    def report(self) -> dict[str, Any]:
        read: dict[str, Any] = self.api.get(f"{self.reports}/candidate-details").expect(200)
        return read
