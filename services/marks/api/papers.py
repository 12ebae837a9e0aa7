"""HTTP of the catalogue: for board staff."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.marks.access import CATALOGUE
from services.marks.commands.paper_changes import change_paper
from services.marks.commands.paper_copies import CopiesJson, copy_papers
from services.marks.commands.paper_drafts import take_draft
from services.marks.commands.paper_removal import remove_paper
from services.marks.commands.papers import add_paper
from services.marks.domain.new_paper import MOST_PARTS
from services.marks.domain.paper import (
    MONTHS,
    NOT_CLASSIFIED,
    WARN,
    YEARS,
    NewPaper,
    PaperRules,
    Series,
    Task,
)
from services.marks.queries.catalogue import (
    PaperDetails,
    SeriesCount,
    all_series,
    catalogue,
    paper_details,
)
from services.marks.queries.papers import PaperJson, catalogue_json
from services.marks.routes import ROUTES
from shared.access.rules import BOARD
from shared.web.fields import MOST_ROWS, Day, Flag, Instant, PaperId
from shared.web.routes import Call, Json

STRICT = ConfigDict(strict=True, extra="ignore")
MOST_LINKS = 1000
LONGEST_SEARCH = 100
# As in `JUNE 2031`.
SERIES = f"^(?:{'|'.join(MONTHS)}) 2[0-9]{{3}}$"

Texts = Annotated[list[str], Field(max_length=MOST_PARTS)]
Links = Annotated[list[PaperId], Field(max_length=MOST_LINKS)]
CentreNos = Annotated[list[str], Field(max_length=MOST_LINKS)]


class SeriesGiven(BaseModel):
    model_config = STRICT

    month: Annotated[str, Field(pattern=f"^(?:{'|'.join(MONTHS)})$")]
    year: Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)]

    def as_series(self) -> Series:
        return Series(self.month, self.year)


class TaskGiven(BaseModel):
    model_config = STRICT

    name: str
    max: int


class PaperGiven(BaseModel):
    """A paper as the board describes it; the `draft` it was made from is dropped.

    `draft_version` is that of the draft as it was read.
    """

    model_config = STRICT

    code: str
    title: str
    unit: str = ""
    qualification: str
    series: SeriesGiven
    board: str
    tasks: Annotated[list[TaskGiven], Field(max_length=MOST_PARTS)] | None = None
    outcomes: Texts | None = None
    not_classified: str | None = None
    linear: bool
    initials_required: bool
    sample_policy: str
    upload: str
    evidence_pieces: Texts | None = None
    max_file_mib: int | None = None
    evidence_advice: str | None = None
    upload_guide: str | None = None
    work_to: str | None = None
    tolerance: int
    marks_deadline: Day
    sample_deadline: Day
    evidence_until: Day
    results_day: Instant
    linked: Links | None = None
    consortia: Annotated[list[CentreNos], Field(max_length=MOST_LINKS)] | None = None
    after_deadline: str | None = None
    draft: PaperId | None = None
    draft_version: int = 0

    def rules(self) -> PaperRules:
        tasks, outcomes = self.tasks, self.outcomes
        return PaperRules(
            tasks=None if tasks is None else tuple(Task(task.name, task.max) for task in tasks),
            outcomes=None if outcomes is None else tuple(outcomes),
            not_classified=self.not_classified or NOT_CLASSIFIED,
            linear=self.linear,
            initials_required=self.initials_required,
        )

    def as_new(self) -> NewPaper:
        return NewPaper(
            code=self.code,
            title=self.title,
            unit=self.unit,
            qualification=self.qualification,
            series=self.series.as_series(),
            board=self.board,
            rules=self.rules(),
            sample_policy=self.sample_policy,
            upload=self.upload,
            tolerance=self.tolerance,
            marks_deadline=self.marks_deadline,
            sample_deadline=self.sample_deadline,
            evidence_until=self.evidence_until,
            results_day=self.results_day,
            evidence_pieces=tuple(self.evidence_pieces or ()),
            max_file_mib=self.max_file_mib,
            evidence_advice=self.evidence_advice,
            upload_guide=self.upload_guide,
            work_to=self.work_to,
            linked=tuple(self.linked or ()),
            consortia=tuple(tuple(centres) for centres in self.consortia or ()),
            after_deadline=self.after_deadline or WARN,
        )


class PaperChanged(BaseModel):
    """What is to change; what is left out stays. An empty text takes it away, as 0 does a size."""

    model_config = STRICT

    code: str | None = None
    title: str | None = None
    unit: str | None = None
    qualification: str | None = None
    board: str | None = None
    tasks: Annotated[list[TaskGiven], Field(max_length=MOST_PARTS)] | None = None
    outcomes: Texts | None = None
    not_classified: str | None = None
    linear: bool | None = None
    initials_required: bool | None = None
    sample_policy: str | None = None
    upload: str | None = None
    evidence_pieces: Texts | None = None
    max_file_mib: int | None = None
    evidence_advice: str | None = None
    upload_guide: str | None = None
    work_to: str | None = None
    tolerance: int | None = None
    marks_deadline: Day | None = None
    sample_deadline: Day | None = None
    evidence_until: Day | None = None
    results_day: Instant | None = None
    linked: Links | None = None
    consortia: Annotated[list[CentreNos], Field(max_length=MOST_LINKS)] | None = None
    after_deadline: str | None = None

    def changes(self) -> dict[str, Any]:
        """The members given, as the rules have them."""
        given = {name: value for name, value in self if value is not None}
        if self.tasks is not None:
            given["tasks"] = tuple(Task(task.name, task.max) for task in self.tasks)
        if self.consortia is not None:
            given["consortia"] = tuple(map(tuple, self.consortia))
        for name in ("outcomes", "evidence_pieces", "linked"):
            if name in given:
                given[name] = tuple(given[name])
        return given


class CopiesWanted(BaseModel):
    """From which series to which; without `papers`, all of them."""

    model_config = ConfigDict(**STRICT, populate_by_name=True)

    source: Annotated[SeriesGiven, Field(alias="from")]
    to: SeriesGiven
    papers: Links | None = None


class CopiesQuery(BaseModel):
    """`dry_run` only tells what would be copied."""

    model_config = ConfigDict(extra="ignore")

    dry_run: Flag = False


class CatalogueQuery(BaseModel):
    """A page of the papers: all, of a series (`JUNE 2031`), with a word in the title."""

    model_config = ConfigDict(extra="ignore")

    series: Annotated[str, Field(pattern=SERIES)] | None = None
    search: Annotated[str, Field(max_length=LONGEST_SEARCH)] = ""
    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 20


class AllSeries(TypedDict):
    series: list[SeriesCount]
    total: int


class Catalogue(TypedDict):
    papers: list[PaperJson]
    total: int
    page: int
    rows: int


@ROUTES.post(
    "/papers", access=BOARD, body=PaperGiven, status=201, returns=PaperJson, refusals=(409,)
)
def post_paper(call: Call, body: PaperGiven) -> Json:
    """Add a paper to the catalogue; the draft that it was made from is dropped."""
    if body.draft:
        take_draft(call.session, body.draft, body.draft_version)
    return catalogue_json(add_paper(call.session, body.as_new(), call.principal))


@ROUTES.patch(
    "/papers/<paper_id>",
    access=BOARD,
    body=PaperChanged,
    returns=PaperDetails,
    refusals=(409,),
)
def patch_paper(call: Call, body: PaperChanged, paper_id: str) -> Json:
    """Change a paper; its code and what a mark of it may be stay once a centre has entries."""
    change_paper(call.session, paper_id, body.changes(), call.principal)
    return paper_details(call.session, paper_id)


@ROUTES.delete("/papers/<paper_id>", access=BOARD, status=204, refusals=(409,))
def delete_paper(call: Call, paper_id: str) -> None:
    """Remove a paper that was added by mistake: not once anything refers to it."""
    remove_paper(call.session, paper_id, call.principal)


@ROUTES.get("/papers", access=CATALOGUE, query=CatalogueQuery, returns=Catalogue)
def get_papers(call: Call, query: CatalogueQuery) -> Json:
    """The catalogue, page by page, of one series or of all."""
    series = Series.parse(query.series) if query.series else None
    papers, total = catalogue(call.session, query.page, query.rows, series, query.search)
    return {"papers": papers, "total": total, "page": query.page, "rows": query.rows}


@ROUTES.get("/papers/<paper_id>", access=BOARD, returns=PaperDetails)
def get_paper(call: Call, paper_id: str) -> Json:
    """A paper with its consortia, how many are entered for it, and what to look at."""
    return paper_details(call.session, paper_id)


@ROUTES.get("/series", access=CATALOGUE, returns=AllSeries)
def get_series(call: Call) -> Json:
    """Every series that has papers, the newest first."""
    listed = all_series(call.session)
    return {"series": listed, "total": len(listed)}


@ROUTES.post(
    "/papers/copies", access=BOARD, body=CopiesWanted, query=CopiesQuery, returns=CopiesJson
)
def post_copies(call: Call, body: CopiesWanted, query: CopiesQuery) -> Json:
    """Copy papers of a series into another, their dates moved along, or only tell what would be."""
    series = body.source.as_series(), body.to.as_series()
    return copy_papers(call.session, call.principal, series, body.papers, dry_run=query.dry_run)
