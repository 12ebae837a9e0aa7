"""How long a dead child waits."""

from shared.launcher.backoff import LONGEST_SECONDS, STEADY_SECONDS, Backoff


def test_the_delay_doubles_up_to_the_longest() -> None:
    backoff = Backoff()

    assert [backoff.delay(0.1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_a_child_that_was_up_a_while_starts_again_from_the_shortest() -> None:
    backoff = Backoff(next_delay=LONGEST_SECONDS)

    assert [backoff.delay(STEADY_SECONDS), backoff.delay(0.1)] == [1, 2]
