"""What the tables of reports have in common."""

from sqlalchemy import JSON, String
from sqlalchemy.orm import DeclarativeBase

from shared.db import TYPES

CENTRE_NO = String(5)
PAPER_ID = String(64)
CANDIDATE_NO = String(4)
NULLABLE_JSON = JSON(none_as_null=True)


class Base(DeclarativeBase):
    type_annotation_map = TYPES
