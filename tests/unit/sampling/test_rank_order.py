"""The two policies by rank, at both ends of every band."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest

from services.sampling.domain import ReasonCode, choose
from tests.unit.sampling.builders import EVEN, WJEC, in_rank_order, numbers


def even(ranked: int, count: int) -> list[int]:
    """The page's formula, with ranks from 1, worked in decimals."""
    exact = (Decimal(i * (ranked - 1)) / (count - 1) for i in range(count))
    return [int(rank.quantize(Decimal(1), ROUND_HALF_EVEN)) + 1 for rank in exact]


WJEC_RANKS = {
    0: [],
    1: [1],
    2: [1, 2],
    10: [*range(1, 11)],
    11: [1, 3, 5, 7, 9, 11],
    12: [1, 3, 5, 7, 9, 11, 12],
    15: [1, 3, 5, 7, 9, 11, 13, 15],
    16: [1, 3, 5, 7, 9, 11, 13, 15, 16],
    19: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19],
    20: [1, 4, 7, 10, 13, 16, 19, 20],
    28: [1, 4, 7, 10, 13, 16, 19, 22, 25, 28],
    29: [1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 29],
    30: [1, 5, 9, 13, 17, 21, 25, 29, 30],
    59: [*range(1, 58, 4), 59],
    60: [*range(1, 57, 5), 60],
    99: [*range(1, 97, 5), 99],
    100: [*range(1, 92, 5), 100],
    101: [*range(1, 92, 5), 101],
    191: [*range(1, 192, 10)],
    192: [*range(1, 182, 10), 192],
    199: [*range(1, 182, 10), 199],
    200: even(200, 25),
    201: even(201, 25),
    2000: even(2000, 25),
}

EVEN_RANKS = {
    0: [],
    1: [1],
    10: [*range(1, 11)],
    11: [*range(1, 12)],
    15: [*range(1, 16)],
    16: [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16],
    19: even(19, 15),
    20: even(20, 15),
    29: [*range(1, 30, 2)],
    30: even(30, 15),
    59: even(59, 15),
    60: even(60, 15),
    99: [*range(1, 100, 7)],
    100: even(100, 15),
    101: even(101, 20),
    199: even(199, 20),
    200: even(200, 20),
    201: even(201, 25),
    250: even(250, 25),
}


@pytest.mark.parametrize(("count", "ranks"), WJEC_RANKS.items())
def test_wjec_rank_order(count: int, ranks: list[int]) -> None:
    assert numbers(choose(WJEC, in_rank_order(count))) == ranks


@pytest.mark.parametrize(("count", "ranks"), EVEN_RANKS.items())
def test_even_spread(count: int, ranks: list[int]) -> None:
    assert numbers(choose(EVEN, in_rank_order(count))) == ranks


@pytest.mark.parametrize(
    ("count", "size"),
    [(10, 10), (19, 10), (29, 11), (59, 16), (99, 21), (199, 20), (250, 25)],
)
def test_sizes_at_the_end_of_each_band(count: int, size: int) -> None:
    assert len(choose(WJEC, in_rank_order(count))) == size


def test_250_candidates() -> None:
    sample = numbers(choose(WJEC, in_rank_order(250)))

    assert sample[:12] == [1, 11, 22, 32, 43, 53, 63, 74, 84, 94, 105, 115]
    # Exactly half way, 124.5 from the top: rounded to the even 124, counted from 0.
    assert sample[12] == 125
    assert sample[13:] == [136, 146, 157, 167, 177, 188, 198, 209, 219, 229, 240, 250]


@pytest.mark.parametrize(
    ("count", "codes"),
    [
        (1, ["all"]),
        (10, ["all"] * 10),
        (11, ["top", *["every"] * 4, "bottom"]),
        (20, ["top", *["every"] * 6, "bottom"]),
        (100, ["top", *["extra", "every"] * 9, "bottom"]),
        (199, ["top", *["every"] * 18, "bottom"]),
        (200, ["top", *["evenly"] * 23, "bottom"]),
    ],
)
def test_every_candidate_carries_a_reason(count: int, codes: list[str]) -> None:
    assert [choice.reason.code for choice in choose(WJEC, in_rank_order(count))] == codes


def test_reasons_carry_what_a_screen_needs() -> None:
    by_number = {
        choice.candidate_no: choice.reason
        for count in (58, 100, 250)
        for choice in choose(WJEC, in_rank_order(count))
        if choice.candidate_no in {"0009", "0006", "0011"}
    }

    assert by_number["0009"].code is ReasonCode.EVERY
    assert by_number["0009"].values == {"rank": 9, "of": 58, "step": 4}
    assert by_number["0006"].values == {"size": 20}
    assert by_number["0011"].values == {"rank": 11, "of": 250, "count": 25}
