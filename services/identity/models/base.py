"""What the tables of identity have in common."""

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase

from shared.db import TYPES
from shared.seal import Sealed

ID = String(32)
CENTRE_NO = String(5)
PAPER_ID = String(64)
SHA256 = String(64)
WORD = String(12)
ADDRESS = String(64)
SECRET = Sealed("second factor")


class Base(DeclarativeBase):
    """Base of the tables of identity."""

    type_annotation_map = TYPES
