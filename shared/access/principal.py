"""The principal: whom a verified access token speaks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

Kind = Literal["centre", "appointee", "board", "service"]


@dataclass(frozen=True)
class Membership:
    """What a person is in one centre."""

    account_type: Literal["admin", "user"]
    iamis: bool

    @property
    def may_use_iamis(self) -> bool:
        return self.iamis or self.account_type == "admin"


@dataclass(frozen=True)
class Principal:
    """A signed-in account: `kind` is what it is, `centres` what it is in each of its centres.

    `session_id` names the sign-in that the token came from.
    """

    user_id: str
    name: str
    kind: Kind
    centres: Mapping[str, Membership]
    language: str
    access_version: int
    session_id: str = ""

    @classmethod
    def from_claims(cls, claims: Mapping[str, Any]) -> Self:
        return cls(
            user_id=claims["sub"],
            name=claims["name"],
            kind=claims["kind"],
            centres={no: Membership(**what) for no, what in claims["centres"].items()},
            language=claims["lang"],
            access_version=claims["av"],
            session_id=claims.get("sid", ""),
        )

    def to_claims(self) -> dict[str, Any]:
        return {
            "sub": self.user_id,
            "name": self.name,
            "kind": self.kind,
            "centres": {
                no: {"account_type": member.account_type, "iamis": member.iamis}
                for no, member in self.centres.items()
            },
            "lang": self.language,
            "av": self.access_version,
            "sid": self.session_id,
        }
