"""The table the routes of uploads are in, and the paths they have in common."""

from typing import Annotated

from pydantic import Field

from shared.web.routes import Routes

ROUTES = Routes("uploads")

SHEET = "/centres/<centre_no>/papers/<paper_id>"
OF_CANDIDATE = f"{SHEET}/candidates/<candidate_no>/files"
OF_GROUP = f"{SHEET}/group-files"
LONGEST_PIECE = 255
MOST_CANDIDATES = 2000
CandidateNo = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
