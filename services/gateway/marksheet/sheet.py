"""The marksheet as the page draws it, from what the services say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from services.gateway.marksheet.fields import Field, Texts, fields_of, texts_of
from services.gateway.marksheet.filters import Filters, numbered, pages
from services.gateway.marksheet.form import Refusal, kept
from services.gateway.menu import is_complete, is_submitted
from services.gateway.user import User

Json = Mapping[str, Any]
SAMPLED = "generated"
MANY = 2


@dataclass(frozen=True)
class Row:
    """A candidate: `texts` stand in the cells, which differ from `stored` after a refusal."""

    candidate: Json
    stored: Texts
    editable: bool
    sample: Json | None
    refusal: Refusal | None = None

    @property
    def number(self) -> str:
        return str(self.candidate["candidate_no"])

    @property
    def texts(self) -> Texts:
        return self.refusal.typed if self.refusal else self.stored

    @property
    def messages(self) -> Mapping[str, str]:
        return self.refusal.messages if self.refusal else {}

    @property
    def kept(self) -> str:
        return kept(self.candidate["version"], self.stored)

    @property
    def stored_text(self) -> str:
        """What is stored for the candidate, for one line."""
        return " · ".join(text for text in self.stored.values() if text)

    @property
    def total(self) -> str:
        """The code where there is one, for it stands for the whole candidate."""
        total = self.candidate["total"]
        return str(self.candidate["code"] or ("" if total is None else total))

    def amended(self, task: int) -> int | None:
        """The moderator's mark for a task, where it is another than the centre's."""
        error = self.candidate["clerical_error"]
        tasks = error and error["tasks"]
        if not tasks or tasks[task] == self.candidate["tasks"][task]:
            return None
        return int(tasks[task])

    @property
    def addable(self) -> bool:
        """Whether the centre could add this candidate's work to the sample."""
        return self.candidate["locked"] and not self.candidate["code"] and not self.sample


@dataclass(frozen=True)
class Sheet:
    """One page of the marksheet of a centre, for `user`."""

    read: Json
    user: User
    filters: Filters
    sample: Json | None
    refused: Mapping[str, Refusal] = field(default_factory=dict)

    @property
    def paper(self) -> Json:
        paper: Json = self.read["paper"]
        return paper

    @property
    def news(self) -> Json | None:
        """Who was entered late or withdrawn in the last days, where there is anybody."""
        late: Json | None = self.read.get("late")
        return late if late and (late["added"] or late["withdrawn"]) else None

    @property
    def fields(self) -> Sequence[Field]:
        return fields_of(self.paper)

    @cached_property
    def rows(self) -> list[Row]:
        fields, samples = self.fields, self._samples
        return [
            self._row(candidate, fields, samples.get(candidate["candidate_no"]))
            for candidate in self.read["candidates"]
        ]

    def _row(self, candidate: Json, fields: Sequence[Field], sample: Json | None) -> Row:
        return Row(
            candidate=candidate,
            stored=texts_of(fields, candidate),
            editable=self.is_open and not candidate["locked"],
            sample=sample or candidate["sample"],
            refusal=self.refused.get(candidate["candidate_no"]),
        )

    @property
    def _samples(self) -> dict[str, Json]:
        """Who is in the sample as sampling has it: newer than what marks has heard of it."""
        candidates = self.sample["candidates"] if self.sample else []
        return {candidate["candidate_no"]: candidate for candidate in candidates}

    @property
    def may_mark(self) -> bool:
        return self.user.works_for_centre

    @property
    def is_late(self) -> bool:
        """Whether the centre has marks left to submit, and their deadline has passed."""
        return self._is_left and bool(self.paper.get("deadline_passed"))

    @property
    def is_open(self) -> bool:
        """Whether there are marks that can still be changed here."""
        return self._is_left and not self.paper.get("closed")

    @property
    def _is_left(self) -> bool:
        return self.may_mark and self.paper["state"] != "submitted"

    @property
    def locked(self) -> bool:
        """Whether the paper has been submitted, with or without late entries since."""
        return is_submitted(self.paper)

    @property
    def by_marks(self) -> bool:
        return self.paper["tasks"] is not None

    @property
    def several(self) -> bool:
        """Whether there is more to a total than the one mark."""
        return self.by_marks and len(self.paper["tasks"]) > 1

    @property
    def shows_corrections(self) -> bool:
        return self.locked and self.by_marks

    @property
    def may_correct(self) -> bool:
        return self.shows_corrections and self.user.role == "appointee"

    @property
    def sampled(self) -> bool:
        """Whether the sample is there, and sampling to be asked."""
        return self.sample is not None and self.sample["state"] == SAMPLED

    @property
    def may_add(self) -> bool:
        return self.may_mark and self.sampled

    @property
    def may_tick(self) -> bool:
        """Whether the page shows candidates who can be added."""
        return self.may_add and self.filters.show != "samples"

    @property
    def takes_files(self) -> bool:
        return self.locked and self.paper["upload"] == "candidate"

    @property
    def counts_left(self) -> bool:
        """Whether there is something left to count: a moderator sees what is submitted alone."""
        return self.paper["state"] != "submitted" and self.user.role != "appointee"

    @property
    def withdrawn(self) -> list[str]:
        """Who of the page was withdrawn after the sample was chosen."""
        return [row.number for row in self.rows if row.candidate.get("withdrawn")]

    @cached_property
    def common_reason(self) -> str:
        """Why everybody of the sample is in it, where that is the same: said once, not in rows."""
        chosen = self.sample["candidates"] if self.sample else []
        reasons = {one["reason"] for one in chosen}
        tells_more = any(one.get("due") for one in chosen)
        return "" if len(chosen) < MANY or len(reasons) > 1 or tells_more else reasons.pop()

    @property
    def all_done(self) -> bool:
        return self.is_open and is_complete(self.paper)

    @property
    def pages(self) -> int:
        return pages(self.filters.rows, self.read["total"])

    @property
    def numbered(self) -> list[int | None]:
        return numbered(self.filters.page, self.pages)
