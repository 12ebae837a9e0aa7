"""Papers as answers show them."""

from datetime import date

from typing_extensions import TypedDict

from services.marks.domain.paper import CLOSED, PaperRules, Series, Task, full_title
from services.marks.domain.sheet import Progress
from services.marks.models import Paper
from shared import clock


class SeriesJson(TypedDict):
    """`{"month": "JUNE", "year": 2031}`."""

    month: str
    year: int


class TaskJson(TypedDict):
    name: str
    max: int


class PaperJson(TypedDict):
    """A paper of the catalogue."""

    id: str
    code: str
    title: str
    unit: str
    full_title: str
    qualification: str
    series: SeriesJson
    board: str
    tasks: list[TaskJson] | None
    outcomes: list[str] | None
    not_classified: str
    linear: bool
    initials_required: bool
    maximum: int | None
    sample_policy: str
    upload: str
    evidence_pieces: list[str]
    max_file_mib: int | None
    evidence_advice: str | None
    upload_guide: str | None
    work_to: str | None
    tolerance: int
    marks_deadline: str
    sample_deadline: str
    evidence_until: str
    results_day: str
    results_released: bool
    linked: list[str]
    after_deadline: str


class PaperSummary(PaperJson):
    """A paper with how far one centre is with it, in numbers of candidates.

    `marks_deadline` is the centre's own where the board has given it a later one (`extended`);
    once it has passed without a submission, a paper that is `closed` takes no marks. With
    `only_some_sets` the numbers are those of the teaching sets that the reader is restricted to.
    """

    state: str
    candidates: int
    done: int
    left: int
    submitted: int
    extended: bool
    deadline_passed: bool
    closed: bool
    clerical_errors: int
    only_some_sets: bool


def rules_of(paper: Paper) -> PaperRules:
    """What a mark of this paper may be."""
    return PaperRules(
        tasks=None if paper.tasks is None else tuple(Task(**task) for task in paper.tasks),
        outcomes=None if paper.outcomes is None else tuple(paper.outcomes),
        not_classified=paper.not_classified,
        linear=paper.linear,
        initials_required=paper.initials_required,
    )


def series_of(paper: Paper) -> Series:
    return Series(paper.series_month, paper.series_year)


def full_title_of(paper: Paper) -> str:
    return full_title(
        qualification=paper.qualification,
        series=series_of(paper),
        title=paper.title,
        unit=paper.unit,
        code=paper.code,
    )


def catalogue_json(paper: Paper) -> PaperJson:
    return PaperJson(
        id=paper.id,
        code=paper.code,
        title=paper.title,
        unit=paper.unit,
        full_title=full_title_of(paper),
        qualification=paper.qualification,
        series={"month": paper.series_month, "year": paper.series_year},
        board=paper.board,
        tasks=paper.tasks,
        outcomes=paper.outcomes,
        not_classified=paper.not_classified,
        linear=paper.linear,
        initials_required=paper.initials_required,
        maximum=rules_of(paper).maximum,
        sample_policy=paper.sample_policy,
        upload=paper.upload,
        evidence_pieces=paper.evidence_pieces,
        max_file_mib=paper.max_file_mib,
        evidence_advice=paper.evidence_advice,
        upload_guide=paper.upload_guide,
        work_to=paper.work_to,
        tolerance=paper.tolerance,
        marks_deadline=paper.marks_deadline.isoformat(),
        sample_deadline=paper.sample_deadline.isoformat(),
        evidence_until=paper.evidence_until.isoformat(),
        results_day=paper.results_day.isoformat(),
        results_released=clock.now() >= paper.results_day,
        linked=paper.linked,
        after_deadline=paper.after_deadline,
    )


def deadline_of(paper: Paper, extended_until: date | None) -> date:
    """The deadline for the marks of one centre: an extension never shortens it."""
    return max(paper.marks_deadline, extended_until or paper.marks_deadline)


def paper_json(
    paper: Paper, progress: Progress, extended_until: date | None, *, only_some_sets: bool = False
) -> PaperSummary:
    """The paper as the menu of one centre shows it."""
    deadline = deadline_of(paper, extended_until)
    passed = clock.today() > deadline
    catalogued = catalogue_json(paper)
    catalogued["marks_deadline"] = deadline.isoformat()
    return PaperSummary(
        **catalogued,
        extended=deadline > paper.marks_deadline,
        deadline_passed=passed,
        closed=passed and paper.after_deadline == CLOSED and not progress.was_submitted,
        state=progress.state,
        candidates=progress.candidates,
        done=progress.done,
        left=progress.left,
        submitted=progress.submitted,
        clerical_errors=progress.corrected,
        only_some_sets=only_some_sets,
    )
