"""Addresses of papers that are not complete yet: the page of each, and where marks keeps them."""


def of(draft_id: str) -> str:
    return f"/board/papers/drafts/{draft_id}"


def kept() -> str:
    return "/api/marks/paper-drafts"


def kept_one(draft_id: str) -> str:
    return f"{kept()}/{draft_id}"
