"""The centre acknowledges clerical errors: it has seen them, and checked its other marks."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.marks.commands.sheet import hold_sheet
from services.marks.domain.sheet import SheetKey
from services.marks.models import ClericalError
from services.marks.queries.history import acknowledged_event
from shared import audit, clock
from shared.access.principal import Principal
from shared.events.outbox import emit
from shared.findings import Findings
from shared.i18n import gettext as _
from shared.storable import is_storable


def acknowledge(session: Session, who: Principal, key: SheetKey, ids: Sequence[str]) -> bool:
    """Note that the centre has seen these; whether any of them was not acknowledged before.

    UnprocessableError naming what is no clerical error of the sheet. They are named one by one,
    so that nobody acknowledges one recorded since they looked.
    """
    with hold_sheet(session, who, key):
        errors = _named(session, key, ids)
        new = [error for error in errors if error.acknowledged_at is None]
        at = clock.now()
        for error in new:
            error.acknowledged_by_id, error.acknowledged_by = who.user_id, who.name
            error.acknowledged_at = at
            emit(session, "clerical_error.acknowledged.v1", str(key), acknowledged_event(error))
            change = audit.Change({"acknowledged": False}, {"acknowledged": True})
            subject = f"{key}/{error.candidate_no}"
            audit.record(session, who, "clerical_error.acknowledged", subject, change)
    return bool(new)


def _named(session: Session, key: SheetKey, ids: Sequence[str]) -> Sequence[ClericalError]:
    of_sheet = select(ClericalError).filter_by(centre_no=key.centre_no, paper_id=key.paper_id)
    storable = [one for one in ids if is_storable(one)]
    wanted = of_sheet.where(ClericalError.id.in_(storable)).order_by(ClericalError.id)
    errors = session.scalars(wanted).all()
    known = {error.id for error in errors}
    findings = Findings()
    for place, named in enumerate(ids):
        if named not in known:
            findings.add(f"/ids/{place}", _("There is no such clerical error on this marksheet."))
    findings.refuse()
    return errors
