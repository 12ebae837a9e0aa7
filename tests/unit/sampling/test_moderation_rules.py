"""Stage 1 and 2, what the rules advise, and what an outcome makes of every mark."""

import pytest

from services.sampling.domain.moderation import (
    Compared,
    Judged,
    Moderation,
    Outcome,
    Scale,
    first_stage,
    settle,
)

SCALE = Scale(tolerance=2, maximum=60)


def sample(*marks: tuple[int, int | None]) -> list[Compared]:
    """Candidates 0001, 0002 and so on, each with the centre's mark and the moderator's."""
    return [
        Compared(f"{number:04}", Judged(centre), Judged(moderator))
        for number, (centre, moderator) in enumerate(marks, 1)
    ]


def moderated(*marks: tuple[int, int | None], first: int = 2) -> Moderation:
    compared = sample(*marks)
    return Moderation(compared, [one.candidate_no for one in compared[:first]], SCALE)


@pytest.mark.parametrize(
    ("marks", "stage", "missing", "advice"),
    [
        ([(50, None), (10, None), (30, None)], 1, ["0001", "0002"], None),
        ([(50, 52), (10, None), (30, None)], 1, ["0002"], None),
        ([(50, 52), (10, 8), (30, None)], 1, [], Outcome.ACCEPTED),
        ([(50, 53), (10, None), (30, None)], 2, ["0002", "0003"], None),
        ([(50, 47), (10, 10), (30, None)], 2, ["0003"], None),
        ([(50, 40), (10, 8), (30, 24)], 2, [], Outcome.ADJUSTED),
        ([(50, 40), (10, 30), (30, 5)], 2, [], Outcome.REMARKED),
        ([(50, 10), (10, 50), (30, 30)], 2, [], Outcome.REMARKED),
        ([(50, 52), (10, 8), (30, 60)], 1, [], Outcome.ACCEPTED),
        ([(0, 5), (0, 0), (30, 30)], 2, [], Outcome.REMARKED),
        ([], 1, [], None),
    ],
)
def test_the_stages(
    marks: list[tuple[int, int | None]],
    stage: int,
    missing: list[str],
    advice: Outcome | None,
) -> None:
    found = moderated(*marks)
    assert (found.stage, found.missing, found.advice) == (stage, missing, advice)


def test_nothing_is_advised_where_nobody_of_stage_1_has_work() -> None:
    found = moderated((50, None), (10, None), first=0)
    assert (found.missing, found.advice) == ([], None)


@pytest.mark.parametrize(
    ("given", "within", "advice"),
    [("Pass", True, Outcome.ACCEPTED), ("Merit", False, Outcome.REMARKED)],
)
def test_outcomes_agree_or_do_not(given: str, within: bool, advice: Outcome) -> None:  # noqa: FBT001
    one = Compared("0001", Judged(outcome="Pass"), Judged(outcome=given))
    assert (one.difference, one.within(2)) == (None, within)
    assert Moderation([one], ["0001"], SCALE).advice is advice


def test_the_first_stage_has_both_ends() -> None:
    ranked = [f"{number:04}" for number in range(1, 21)]
    assert first_stage(ranked, 6) == ["0001", "0005", "0009", "0012", "0016", "0020"]
    assert first_stage(ranked[:4], 6) == ranked[:4]
    assert first_stage([], 6) == []


def test_what_becomes_of_every_mark() -> None:
    cohort = {"0003": Judged(0), "0001": Judged(50), "0002": Judged(10), "0004": Judged(60)}
    line = moderated((50, 40), (10, 8)).line
    marks = {"0001": Judged(44), "0004": Judged(51)}

    def after(outcome: Outcome) -> dict[str, int | None]:
        settled = settle(outcome, cohort, line=line, maximum=60, moderator=marks)
        return {one.candidate_no: one.after.total for one in settled}

    same = {"0001": 50, "0002": 10, "0003": 0, "0004": 60}
    assert after(Outcome.ACCEPTED) == same
    assert after(Outcome.ADJUSTED) == {"0001": 40, "0002": 8, "0003": 0, "0004": 48}
    assert after(Outcome.REMARKED) == same | {"0001": 44, "0004": 51}
