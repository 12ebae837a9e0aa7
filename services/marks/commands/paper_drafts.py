"""Papers that are not complete yet: kept as typed, until they are added or dropped."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.marks.models import PaperDraft
from services.marks.queries.paper_drafts import draft_json
from shared import clock
from shared.access.principal import Principal
from shared.access.rules import not_found
from shared.errors import ConflictError
from shared.i18n import gettext as _
from shared.ids import new_id


def begin_draft(session: Session, given: Mapping[str, Any], who: Principal) -> PaperDraft:
    """A new draft with what is typed so far."""
    draft = PaperDraft(id=new_id(), version=0)
    _keep(draft, given, who)
    session.add(draft)
    return draft


def change_draft(
    session: Session, draft_id: str, given: Mapping[str, Any], version: int, who: Principal
) -> PaperDraft:
    """Put this in its place; ConflictError where somebody else has changed it meanwhile."""
    draft = session.get(PaperDraft, draft_id, with_for_update=True)
    if draft is None:
        raise not_found()
    _refuse_stale(draft, version)
    _keep(draft, given, who)
    return draft


def take_draft(session: Session, draft_id: str, version: int) -> None:
    """It becomes a paper: ConflictError where somebody else has changed it meanwhile.

    One that is gone keeps no paper from being added.
    """
    draft = session.get(PaperDraft, draft_id, with_for_update=True)
    if draft is not None:
        _refuse_stale(draft, version)
        session.delete(draft)


def drop_draft(session: Session, draft_id: str) -> None:
    """It is wanted no more; none is dropped twice."""
    session.execute(delete(PaperDraft).where(PaperDraft.id == draft_id))


def _refuse_stale(draft: PaperDraft, version: int) -> None:
    if draft.version != version:
        said = _("%(by)s has changed this draft meanwhile.", by=draft.by)
        raise ConflictError(said, extra={"current": draft_json(draft)}, slug="stale-version")


def _keep(draft: PaperDraft, given: Mapping[str, Any], who: Principal) -> None:
    draft.given, draft.version = dict(given), draft.version + 1
    draft.by_id, draft.by, draft.at = who.user_id, who.name, clock.now()
