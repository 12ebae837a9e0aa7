"""Ranks that stand evenly, or as far from the others as can be. Ranks count from 0."""

import heapq
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise


def even_ranks(ranked: int, count: int) -> list[int]:
    """`count` ranks of `ranked`, evenly: round(i·(n-1)/(k-1)) for i = 0…k-1.

    Rounded as Python's `round` does, a half to the even rank, because clients compute it so. All
    ranks when there are no more than `count`; a count of 1 takes the highest.
    """
    if count >= ranked:
        return list(range(ranked))
    if count == 1:
        return [0]
    return [round(i * (ranked - 1) / (count - 1)) for i in range(count)]


def make_way(ranks: Sequence[int], needed: int) -> list[int]:
    """Let the rank nearest to `needed` give way to it, so that the number stays; never the top."""
    nearest = min((rank for rank in ranks if rank), key=lambda rank: (abs(rank - needed), rank))
    return sorted({*ranks, needed} - {nearest})


def farthest_first(numbers: Sequence[str], chosen: Collection[int]) -> Iterator[int]:
    """Every rank not yet chosen, each time the one farthest from any chosen before it.

    `numbers` are the candidate numbers in rank order: the lower one settles ties. The gaps between
    chosen ranks wait in a heap, so that taking all n of them is O(n log n).
    """
    edges: list[int | None] = [None, *sorted(chosen), None]
    gaps = [gap for left, right in pairwise(edges) for gap in _gap(numbers, left, right)]
    heapq.heapify(gaps)
    while gaps:
        _distance, _number, middle, left, right = heapq.heappop(gaps)
        yield middle
        for gap in (*_gap(numbers, left, middle), *_gap(numbers, middle, right)):
            heapq.heappush(gaps, gap)


_Gap = tuple[int, str, int, int | None, int | None]


def _gap(numbers: Sequence[str], left: int | None, right: int | None) -> list[_Gap]:
    """The gap between two chosen ranks with its farthest one, or nothing when it is empty."""
    first = 0 if left is None else left + 1
    last = len(numbers) - 1 if right is None else right - 1
    if first > last:
        return []
    if left is None:
        middle = first
        distance = len(numbers) if right is None else right
    elif right is None:
        middle = last
        distance = last - left
    else:
        middle = min((left + right) // 2, (left + right + 1) // 2, key=lambda rank: numbers[rank])
        distance = (right - left) // 2
    return [(-distance, numbers[middle], middle, left, right)]
