"""What becomes of a moderation: completed by the moderator, decided by the board."""

from sqlalchemy.orm import Session

from services.sampling.commands.moderating import (
    APPROVED,
    COMPLETED,
    OPEN,
    hold,
    require_open,
    unprocessable,
)
from services.sampling.domain.moderation import Outcome
from services.sampling.models import Moderation, Paper, Sheet
from services.sampling.queries.moderation import (
    Work,
    decided_event,
    is_released,
    read_work,
    returned_event,
)
from shared import audit, clock
from shared.access.principal import Principal
from shared.errors import ConflictError
from shared.events.outbox import emit
from shared.i18n import gettext as _


def complete(
    session: Session, who: Principal, key: tuple[str, str], outcome: Outcome, comment: str
) -> None:
    """The moderator's outcome, for the board to decide on.

    UnprocessableError where it is none of the paper's `choices`. ConflictError with all that is
    `missing` while there are marks to be given, and where the outcome does not fit what the sample
    says.
    """
    sheet, moderation = hold(session, *key)
    work = read_work(session, sheet)
    work.check_choice(outcome)
    require_open(moderation)
    _require_cause(work, outcome)
    _require_whole(work, outcome)
    _require_fitting(work, outcome)
    moderation.state, moderation.outcome = COMPLETED, outcome.value
    adjusted = outcome is Outcome.ADJUSTED
    moderation.line = work.moderation.line.to_json() if adjusted else None
    moderation.comment = comment
    moderation.completed_by_id, moderation.completed_by = who.user_id, who.name
    moderation.completed_at = clock.now()
    change = audit.Change({"state": OPEN}, {"state": COMPLETED, "outcome": outcome.value}, comment)
    audit.record(session, who, "moderation.completed", sheet.subject, change)


def _require_cause(work: Work, outcome: Outcome) -> None:
    if not work.moderation.allows(outcome):
        said = _("Every mark of stage 1 is within the tolerance: the centre's marks stand.")
        raise ConflictError(said, slug="within-tolerance")


def _require_whole(work: Work, outcome: Outcome) -> None:
    missing = work.missing_for(outcome)
    if missing:
        numbers = ", ".join(missing)
        said = _(
            "The moderator's marks are missing for this outcome: %(numbers)s.", numbers=numbers
        )
        raise ConflictError(said, slug="incomplete", extra={"missing": missing})


def _require_fitting(work: Work, outcome: Outcome) -> None:
    moderation = work.moderation
    is_outside = bool(moderation.compared) and moderation.advice is not Outcome.ACCEPTED
    if outcome is Outcome.ACCEPTED and is_outside:
        said = _("Some of the marks differ by more than the tolerance: they cannot be accepted.")
        raise ConflictError(said, slug="outside-tolerance")
    if outcome is Outcome.ADJUSTED and not moderation.line.keeps_order:
        said = _("No adjustment through this sample keeps the centre's order of merit.")
        raise ConflictError(said, slug="no-adjustment")


def decide(
    session: Session, who: Principal, key: tuple[str, str], *, approved: bool, comment: str
) -> bool:
    """The board's decision; False where it had approved already.

    What was approved may be given back, too, until results day. Whoever is asked to go on is told
    why: UnprocessableError without a comment. ConflictError where somebody who came since has no
    mark of a moderator who marks the paper again.
    """
    sheet, moderation = hold(session, *key)
    before = moderation.state
    if before == APPROVED and approved:
        return False
    _require_undecided(session, sheet, before)
    if not approved and not comment:
        raise unprocessable("/comment", _("Say why it is given back to the moderator."))
    if approved and moderation.outcome == Outcome.REMARKED.value:
        # Who came since has no mark of the moderator's yet, and would keep the centre's.
        _require_whole(read_work(session, sheet), Outcome.REMARKED)
    moderation.state = APPROVED if approved else OPEN
    moderation.decided_by_id, moderation.decided_by = who.user_id, who.name
    moderation.decided_at, moderation.decision = clock.now(), comment
    change = audit.Change({"state": before}, {"state": moderation.state}, comment)
    audit.record(session, who, "moderation.decided", sheet.subject, change)
    session.flush()
    if approved:
        _tell(session, sheet, moderation)
    else:
        emit(session, "moderation.returned.v1", sheet.subject, returned_event(moderation))
    return True


def _require_undecided(session: Session, sheet: Sheet, state: str) -> None:
    if state == OPEN:
        raise ConflictError(_("There is no outcome to decide on."), slug="not-completed")
    if state == APPROVED and is_released(session.get_one(Paper, sheet.paper_id)):
        said = _("The results are out: what was approved stands.")
        raise ConflictError(said, slug="results-out")


def settle_again(session: Session, sheet: Sheet) -> None:
    """After approval a mark has changed, or somebody is new: tell what that makes of it."""
    moderation = session.get(Moderation, (sheet.centre_no, sheet.paper_id))
    if moderation is not None and moderation.state == APPROVED:
        session.flush()
        _tell(session, sheet, moderation)


def _tell(session: Session, sheet: Sheet, moderation: Moderation) -> None:
    data = decided_event(read_work(session, sheet), moderation)
    emit(session, "moderation.decided.v1", sheet.subject, data)
