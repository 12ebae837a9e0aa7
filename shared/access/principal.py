"""The principal: whom a verified access token speaks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

Kind = Literal["centre", "appointee", "board", "service"]


@dataclass(frozen=True)
class Membership:
    """What a person is in one centre.

    `papers` are the only ones there are for them, if set, and of these only the candidates of
    `teaching_sets`, if set.
    """

    account_type: Literal["admin", "user"]
    iamis: bool
    papers: frozenset[str] | None = None
    teaching_sets: frozenset[str] | None = None

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Self:
        papers, sets = claims.get("papers"), claims.get("sets")
        return cls(
            claims["account_type"],
            claims["iamis"],
            None if papers is None else frozenset(papers),
            None if sets is None else frozenset(sets),
        )

    def to_claims(self) -> dict[str, Any]:
        claims: dict[str, Any] = {"account_type": self.account_type, "iamis": self.iamis}
        if self.papers is not None:
            claims["papers"] = sorted(self.papers)
        if self.teaching_sets is not None:
            claims["sets"] = sorted(self.teaching_sets)
        return claims

    def reaches(self, paper_id: str) -> bool:
        return self.papers is None or paper_id in self.papers

    @property
    def may_use_iamis(self) -> bool:
        return self.iamis or self.account_type == "admin"


@dataclass(frozen=True)
class Principal:
    """A signed-in account: `kind` is what it is, `centres` what it is in each of its centres.

    `session_id` names the sign-in that the token came from, `authenticated_at` is when password and
    code were last given there (seconds of the epoch; 0 where nobody did). `scopes` are what a
    service account may do, `only_centres` where: everywhere if there are none. Who
    `only_looks` changes nothing, whatever the account may do otherwise.
    """

    user_id: str
    name: str
    kind: Kind
    centres: Mapping[str, Membership]
    language: str
    access_version: int
    session_id: str = ""
    authenticated_at: int = 0
    scopes: frozenset[str] = frozenset()
    only_centres: frozenset[str] = frozenset()
    only_looks: bool = False

    def may(self, scope: str, centre_no: str = "") -> bool:
        """Whether a service account has the scope, in that centre (none: in all of them)."""
        if self.kind != "service" or scope not in self.scopes:
            return False
        return not self.only_centres or centre_no in self.only_centres

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Self:
        return cls(
            user_id=claims["sub"],
            name=claims["name"],
            kind=claims["kind"],
            centres={no: Membership.from_claims(what) for no, what in claims["centres"].items()},
            language=claims["lang"],
            access_version=claims["av"],
            session_id=claims.get("sid", ""),
            authenticated_at=claims.get("auth_time", 0),
            scopes=frozenset(claims.get("scope", "").split()),
            only_centres=frozenset(claims.get("only", ())),
            only_looks=claims.get("looks", False),
        )

    def granted(self, grants: Mapping[str, Any]) -> Self:
        """The same account with what it may do in each centre now."""
        now = {no: Membership.from_claims(what) for no, what in grants.items()}
        return replace(self, centres=now)

    def to_claims(self) -> dict[str, Any]:
        return {
            "sub": self.user_id,
            "name": self.name,
            "kind": self.kind,
            "centres": {no: member.to_claims() for no, member in self.centres.items()},
            "lang": self.language,
            "av": self.access_version,
            "sid": self.session_id,
            "auth_time": self.authenticated_at,
            "scope": " ".join(sorted(self.scopes)),
            "only": sorted(self.only_centres),
            "looks": self.only_looks,
        }
