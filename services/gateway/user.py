"""The signed-in person as the pages see them: what identity said at the last sign-in or refresh."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from services.gateway import paths


@dataclass(frozen=True)
class Centre:
    """What the person is in one centre."""

    centre_no: str
    name: str
    account_type: str
    iamis: bool

    @property
    def may_use_iamis(self) -> bool:
        return self.iamis or self.account_type == "admin"


@dataclass(frozen=True)
class User:
    """`role` is `admin` or `user` (of a centre), `appointee` or `board`.

    Who `only_looks` is board staff before the pages of a centre's exams officer.
    """

    id: str
    email: str
    name: str
    role: str
    centre_no: str | None
    centres: tuple[Centre, ...]
    language: str
    only_looks: bool = False

    @classmethod
    def from_json(cls, read: Mapping[str, Any], *, only_looks: bool = False) -> Self:
        centres = tuple(
            Centre(**{name: item[name] for name in Centre.__dataclass_fields__})
            for item in read.get("centres", [])
        )
        return cls(
            id=read["id"],
            email=read["email"],
            name=read["name"],
            role=read["role"],
            centre_no=read.get("centre_no"),
            centres=centres,
            language=read.get("language") or "en",
            only_looks=only_looks,
        )

    @property
    def works_for_centre(self) -> bool:
        """Staff of a centre enter, submit and upload; moderators and board staff look."""
        return self.role in {"admin", "user"}

    def name_of(self, centre_no: str) -> str:
        """The centre's name; empty where they are none of its people."""
        named = {centre.centre_no: centre.name for centre in self.centres}
        return named.get(centre_no, "")

    @property
    def managed_centres(self) -> list[str]:
        """The centres whose users they manage."""
        return [centre.centre_no for centre in self.centres if centre.account_type == "admin"]

    @property
    def reads_only(self) -> bool:
        """Board staff look at a centre's papers; they enter and submit nothing."""
        return self.role == "board"

    @property
    def home(self) -> str:
        """Where this person's work is."""
        if self.role == "board":
            return paths.board()
        if self.role == "appointee":
            return paths.allocations()
        centre_no = self.marking_centre
        return paths.menu(centre_no) if centre_no else paths.no_access()

    @property
    def marking_centre(self) -> str | None:
        """The centre whose marks they work on: their own if they may, else one where they may."""
        allowed = [centre.centre_no for centre in self.centres if centre.may_use_iamis]
        if self.centre_no in allowed:
            return self.centre_no
        return allowed[0] if allowed else None
