"""Many papers of one centre, and those who work on them side by side."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.support.api import ENTRY_COLUMNS, Api, entries, paper
from tests.support.sheet import Sheet


@dataclass
class Papers:
    """The papers by their ids, and the clients of the centre."""

    centre_no: str
    ids: Sequence[str]
    clients: Sequence[Api]

    def subjects(self) -> set[str]:
        return {f"{self.centre_no}/{paper_id}" for paper_id in self.ids}

    def each(self, act: Callable[[Sheet], object]) -> None:
        """Do this with every sheet, the clients side by side."""

        def work(place: int, api: Api) -> None:
            api.renew()
            for paper_id in self.ids[place :: len(self.clients)]:
                act(Sheet(api, self.centre_no, paper_id))

        with ThreadPoolExecutor(len(self.clients)) as pool:
            list(pool.map(work, itertools.count(), self.clients))


def make_papers(
    board: Api, centre_no: str, count: int, candidates: int, prefix: str = "F"
) -> list[str]:
    """New papers with so many candidates each, and their ids."""
    codes = [f"{prefix}{number:05d}" for number in range(count)]
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda code: board.post("/api/marks/papers", paper(code)), codes)
        ids = [answer.expect(201)["id"] for answer in made]
    lines = [entries(code, centre_no, range(1, candidates + 1)).splitlines()[1:] for code in codes]
    file = "\n".join([ENTRY_COLUMNS, *itertools.chain(*lines), ""])
    board.post_csv("/api/marks/imports/entries", file).expect(200)
    return ids
