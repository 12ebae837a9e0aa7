"""The centres and their names."""

from sqlalchemy import select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.identity.models import Centre


class NamedCentre(TypedDict):
    centre_no: str
    name: str


class CentresView(TypedDict):
    centres: list[NamedCentre]
    total: int


def centres(session: Session) -> list[NamedCentre]:
    every = session.scalars(select(Centre).order_by(Centre.no))
    return [{"centre_no": one.no, "name": one.name} for one in every]


def centre(session: Session, centre_no: str) -> NamedCentre | None:
    found = session.get(Centre, centre_no)
    return {"centre_no": found.no, "name": found.name} if found else None
