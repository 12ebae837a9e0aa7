"""What a sitting at a sheet has brought is told once it is over, for the receipt."""

from datetime import timedelta

from sqlalchemy import update

from services.uploads.commands import receipts
from services.uploads.models import EvidenceFile
from tests.support.service import ServiceUnderTest, admin_of, teacher_of
from tests.unit.uploads.builders import (
    CENTRE,
    PAPER,
    SAMPLED,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
)
from tests.unit.uploads.conftest import Clock

ADMIN, TEACHER = admin_of(CENTRE), teacher_of(CENTRE)
MINUTE = timedelta(minutes=1)


def test_a_sitting_that_is_over_is_told_once_and_whole(
    service: ServiceUnderTest, moment: Clock
) -> None:
    sampled_sheet(service)
    first = sent(service, candidate_files(), b"one")
    moment.now += 4 * MINUTE
    second = sent(service, group_files(), b"two")
    gone = sent(service, candidate_files(), b"three")
    service.call("DELETE", f"{candidate_files()}/{gone['id']}", ADMIN)
    send(service, candidate_files(SAMPLED[1]), as_=TEACHER)
    moment.now += 4 * MINUTE
    assert receipts.tell(service.database) == 0, "more may come"
    moment.now += MINUTE
    assert receipts.tell(service.database) == 2
    assert receipts.tell(service.database) == 0
    told = {event.data["uploaded_by"]: event for event in service.emitted("evidence.received.v1")}
    assert set(told) == {ADMIN.user_id, TEACHER.user_id}
    event = told[ADMIN.user_id]
    assert (event.subject, event.data["at"]) == (f"{CENTRE}/{PAPER}", moment.now.isoformat())
    names = ("name", "size", "sha256", "uploaded_at")
    assert event.data["files"] == [
        {name: first[name] for name in names} | {"candidate_no": SAMPLED[0]},
        {name: second[name] for name in names} | {"candidate_no": None},
    ]


def test_a_long_sitting_is_told_of_meanwhile(service: ServiceUnderTest, moment: Clock) -> None:
    sampled_sheet(service)
    sent(service, candidate_files(), b"one")
    moment.now += 58 * MINUTE
    sent(service, candidate_files(), b"two")
    moment.now += 2 * MINUTE
    assert receipts.tell(service.database) == 1
    (event,) = service.emitted("evidence.received.v1")
    assert len(event.data["files"]) == 2


def test_what_was_deleted_again_needs_no_receipt(service: ServiceUnderTest, moment: Clock) -> None:
    sampled_sheet(service)
    gone = sent(service, candidate_files())
    service.call("DELETE", f"{candidate_files()}/{gone['id']}", ADMIN)
    moment.now += 5 * MINUTE
    assert receipts.tell(service.database) == 1
    assert receipts.tell(service.database) == 0
    assert service.emitted("evidence.received.v1") == []


def set_status(service: ServiceUnderTest, file: dict[str, str], status: str) -> None:
    with service.transaction() as session:
        session.execute(update(EvidenceFile).filter_by(id=file["id"]).values(status=status))


def test_what_was_not_looked_at_yet_is_waited_for(service: ServiceUnderTest, moment: Clock) -> None:
    sampled_sheet(service)
    good, bad = (sent(service, candidate_files(), content) for content in (b"one", b"two"))
    for file in (good, bad):
        set_status(service, file, "waiting")
    moment.now += 6 * MINUTE
    assert receipts.tell(service.database) == 0
    set_status(service, good, "accepted")
    set_status(service, bad, "rejected")
    assert receipts.tell(service.database) == 1
    (event,) = service.emitted("evidence.received.v1")
    assert [file["sha256"] for file in event.data["files"]] == [good["sha256"]]


def test_no_receipt_waits_for_ever(service: ServiceUnderTest, moment: Clock) -> None:
    sampled_sheet(service)
    set_status(service, sent(service, candidate_files()), "waiting")
    moment.now += 59 * MINUTE
    assert receipts.tell(service.database) == 0
    moment.now += MINUTE
    assert receipts.tell(service.database) == 1
    assert len(service.emitted("evidence.received.v1")) == 1
