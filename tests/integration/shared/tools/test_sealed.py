"""Tools of centres that were added when nothing was sealed yet."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shared.audit import AuditRow
from shared.bus import Bus
from shared.bus.tools import bindings_for
from shared.bus.topics import matches
from shared.commands.tools import opened_tools
from shared.db import Database
from shared.settings import settings
from tests.integration.shared.tools.calls import iamis, message
from tests.support.waiting import wait_for


def test_preparing_takes_what_is_sealed_from_tools_of_before(
    bus: Bus, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time there is nothing to be done."""
    monkeypatch.setenv("IAMIS_SECRET_KEY", "a secret of the tests, and long enough")
    settings.cache_clear()
    sealed, kept = "moderation.decided.v1.68101.p1", "marks.submitted.v1.68101.p1"
    with opened_tools() as opened:
        opened.add("everything", bindings_for(["#"], ["68101"]))
        opened.add("outcomes", bindings_for(["moderation.decided.#"], ["68101"]))
        opened.add("marks", bindings_for(["marks.#"], ["68101"]))
        opened.add("board", bindings_for(["#"], []))
        for _again in range(2):
            assert iamis("prepare", "identity").exit_code == 0
        left = {one.name: one.patterns for one in opened.all()}
    assert set(left) == {"everything", "marks", "board"}
    assert (left["marks"], left["board"]) == (("marks.*.*.68101.#",), ("#",))
    heard = {key: any(matches(one, key) for one in left["everything"]) for key in (sealed, kept)}
    assert heard == {sealed: False, kept: True}
    bus.publish([replace(message(1), routing_key=sealed), message(2)])

    def waiting() -> dict[str, str]:
        return dict(line.split()[:2] for line in iamis("tools", "list").output.splitlines()[1:])

    expected = {"board": "2", "everything": "1", "marks": "1"}
    wait_for("the events are there", lambda: waiting() == expected)
    with database.reading() as session:
        trail = select(AuditRow.action, AuditRow.subject).order_by(AuditRow.subject)
        assert session.execute(trail.where(AuditRow.action.startswith("tools."))).all() == [
            ("tools.unseal", "tools/everything"),
            ("tools.remove", "tools/outcomes"),
        ]
