"""HTTP of the catalogue: for board staff."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.marks.commands.papers import Dates, add_paper, change_dates
from services.marks.domain.new_paper import MOST_PARTS
from services.marks.domain.paper import (
    MONTHS,
    NOT_CLASSIFIED,
    YEARS,
    NewPaper,
    PaperRules,
    Series,
    Task,
)
from services.marks.queries.lists import catalogue
from services.marks.queries.papers import PaperJson, catalogue_json
from services.marks.routes import ROUTES
from shared.access.rules import BOARD
from shared.web.fields import Day, Instant
from shared.web.routes import Call, Json

STRICT = ConfigDict(strict=True, extra="ignore")
MOST_ROWS = 2000
MOST_LINKS = 1000

Texts = Annotated[list[str], Field(max_length=MOST_PARTS)]
PaperId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Links = Annotated[list[PaperId], Field(max_length=MOST_LINKS)]
CentreNos = Annotated[list[str], Field(max_length=MOST_LINKS)]


class SeriesGiven(BaseModel):
    model_config = STRICT

    month: Annotated[str, Field(pattern=f"^(?:{'|'.join(MONTHS)})$")]
    year: Annotated[int, Field(ge=YEARS.start, lt=YEARS.stop)]


class TaskGiven(BaseModel):
    model_config = STRICT

    name: str
    max: int


class PaperGiven(BaseModel):
    """A paper as the board describes it."""

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
    work_to: str | None = None
    tolerance: int
    marks_deadline: Day
    sample_deadline: Day
    evidence_until: Day
    results_day: Instant
    linked: Links | None = None
    consortia: Annotated[list[CentreNos], Field(max_length=MOST_LINKS)] | None = None

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
            series=Series(self.series.month, self.series.year),
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
            work_to=self.work_to,
            linked=tuple(self.linked or ()),
            consortia=tuple(tuple(centres) for centres in self.consortia or ()),
        )


class DatesGiven(BaseModel):
    """New dates; those left out stay."""

    model_config = STRICT

    marks_deadline: Day | None = None
    sample_deadline: Day | None = None
    evidence_until: Day | None = None
    results_day: Instant | None = None


class CatalogueQuery(BaseModel):
    model_config = ConfigDict(extra="ignore")

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    rows: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 20


class Catalogue(TypedDict):
    papers: list[PaperJson]
    total: int
    page: int
    rows: int


@ROUTES.post(
    "/papers", access=BOARD, body=PaperGiven, status=201, returns=PaperJson, refusals=(409,)
)
def post_paper(call: Call, body: PaperGiven) -> Json:
    return catalogue_json(add_paper(call.session, body.as_new(), call.principal))


@ROUTES.patch("/papers/<paper_id>", access=BOARD, body=DatesGiven, returns=PaperJson)
def patch_paper(call: Call, body: DatesGiven, paper_id: str) -> Json:
    dates = Dates(**body.model_dump())
    return catalogue_json(change_dates(call.session, paper_id, dates, call.principal))


@ROUTES.get("/papers", access=BOARD, query=CatalogueQuery, returns=Catalogue)
def get_papers(call: Call, query: CatalogueQuery) -> Json:
    papers, total = catalogue(call.session, query.page, query.rows)
    return {"papers": papers, "total": total, "page": query.page, "rows": query.rows}
