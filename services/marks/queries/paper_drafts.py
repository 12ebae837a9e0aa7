"""Papers that are not complete yet, as answers show them."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.marks.models import PaperDraft
from shared.access.rules import not_found


class DraftJson(TypedDict):
    """What is typed so far, by the names of the form, and who typed last."""

    id: str
    given: dict[str, Any]
    version: int
    by: str
    at: str


class ListedDraftJson(TypedDict):
    """A draft in the list: the code and title typed so far, if any, and who typed last."""

    id: str
    code: str
    title: str
    by: str
    at: str


def draft_json(draft: PaperDraft) -> DraftJson:
    return {
        "id": draft.id,
        "given": draft.given,
        "version": draft.version,
        "by": draft.by,
        "at": draft.at.isoformat(),
    }


def drafts(session: Session) -> list[ListedDraftJson]:
    """All there are, the newest first: the board's staff have a few at a time.

    What else is typed so far may be long, and stays in the database.
    """
    code, title = (PaperDraft.given[name].as_string() for name in ("code", "title"))
    listed = select(PaperDraft.id, code, title, PaperDraft.by, PaperDraft.at)
    return [
        # Nothing of a draft has been judged: what is no text is shown as it is.
        {
            "id": id_,
            "code": str(code or ""),
            "title": str(title or ""),
            "by": by,
            "at": at.isoformat(),
        }
        for id_, code, title, by, at in session.execute(listed.order_by(PaperDraft.at.desc()))
    ]


def one_draft(session: Session, draft_id: str) -> DraftJson:
    """NotFoundError without it."""
    draft = session.get(PaperDraft, draft_id)
    if draft is None:
        raise not_found()
    return draft_json(draft)
