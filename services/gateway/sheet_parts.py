"""Parts of the pages about one centre's paper; each is `None` where its service is down."""

from dataclasses import dataclass
from datetime import datetime

from services.gateway import service_paths
from services.gateway.calls import Json
from services.gateway.client import Client
from services.gateway.evidence import NO_FILES
from services.gateway.menu import is_submitted

NO_SAMPLE: Json = {
    "state": "none",
    "policy": None,
    "last_submitted_at": None,
    "candidates": [],
    "not_eligible": [],
    "notes": [],
}


@dataclass(frozen=True)
class SheetParts:
    """What the services say of one centre's paper."""

    services: Client
    centre_no: str
    paper_id: str

    @property
    def marks(self) -> str:
        return service_paths.marks(self.centre_no, self.paper_id)

    def paper(self) -> Json | None:
        """The paper and how far the centre is with it; a 404 is raised where it is not theirs."""
        return self.services.part(self.marks)

    def sample(self) -> Json | None:
        """The sample; where sampling has not heard of the submission yet there is none."""
        return self.services.part(
            service_paths.sample(self.centre_no, self.paper_id), absent=NO_SAMPLE
        )

    def sample_after(self, receipt: Json) -> Json | None:
        """The sample as `sample`, but none yet where it does not follow that submission so far."""
        sample = self.sample()
        return NO_SAMPLE if sample and _is_behind(sample, receipt) else sample

    def sampled(self) -> Json | None:
        """The marksheet of the sampled candidates alone, with their names and marks."""
        return self.services.part(f"{self.marks}/marksheet?show=samples&rows=all")

    def everybody(self) -> Json | None:
        """The whole marksheet; a 404 is raised where it is not theirs."""
        return self.services.part(f"{self.marks}/marksheet?rows=all")

    def nearest(self, candidate_no: str) -> list[Json]:
        """Who may stand in for a candidate of the sample; nobody where that is not told now."""
        at = service_paths.nearest(self.centre_no, self.paper_id, candidate_no)
        told = self.services.part(at, absent={"candidates": []})
        return told["candidates"] if told else []

    def files(self) -> Json | None:
        """The evidence; where uploads has not heard of the submission yet there is none."""
        at = service_paths.uploads(self.centre_no, self.paper_id)
        return self.services.part(f"{at}/files", absent=NO_FILES)

    def awaited(self, paper: Json | None, sample: Json | None) -> list[str] | None:
        """The linked papers a waiting sample waits for, by their titles; None where none is seen.

        Where those that are seen are all submitted, it waits for other centres.
        """
        if not paper or not paper["linked"] or not sample or sample["state"] != "waiting":
            return None
        listed = self.services.part(service_paths.papers(self.centre_no))
        papers = listed["papers"] if listed else []
        linked = [one for one in papers if one["id"] in paper["linked"]]
        waiting = [one["full_title"] for one in linked if not is_submitted(one)]
        return waiting if linked else None


def _is_behind(sample: Json, receipt: Json) -> bool:
    followed = sample.get("last_submitted_at")
    if followed is None:
        return False
    return datetime.fromisoformat(followed) < datetime.fromisoformat(receipt["submitted_at"])
