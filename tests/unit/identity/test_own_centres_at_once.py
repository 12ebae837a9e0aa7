"""An own centre is added while somebody allocates the same centre: it is one or the other.

Worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial

from tests.support.service import BOARD
from tests.support.together import together
from tests.unit.identity.people import Portal
from tests.unit.identity.test_allocations import ALLOCATIONS, PAPER

MODERATORS = 8


def test_nobody_is_allocated_to_what_becomes_their_own(portal: Portal) -> None:
    portal.service.deliver("paper.changed.v1", "all/paper-1", PAPER)
    for number in range(MODERATORS):
        email = f"mair{number}@home.example"
        mair = portal.add(email, kind="appointee")
        wanted = {"email": email, "centre_no": "68101", "paper_id": "paper-1"}
        call, account = portal.service.call, f"/api/identity/accounts/{mair.id}"
        allocated, changed = together(
            partial(call, "POST", ALLOCATIONS, BOARD, json=wanted),
            partial(call, "PATCH", account, BOARD, json={"works_at": ["68101"]}),
        )
        statuses = allocated.status_code, changed.status_code
        assert statuses in {(201, 422), (422, 200)}
