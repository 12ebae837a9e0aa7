"""A system that runs is in order, on either stack; what is not well is in shared/test_doctor.py."""

from tests.support.operator import iamis
from tests.support.stack import Stack


def test_the_doctor_finds_a_system_that_runs_in_order(stack: Stack) -> None:
    seen = iamis(stack.path, "doctor", **stack.environment)
    assert seen.status == 0, seen.out
    assert "fault" not in seen.out
    states = {line.split("  ")[0]: line for line in seen.out.splitlines()}
    for part in ("broker", "gateway", "identity", "marks", "uploads", "database of marks"):
        assert " ok " in states[part], states[part]
