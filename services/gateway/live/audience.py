"""Who is told of an event: those who could read of it at the service it is from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from shared.access.principal import Principal
from shared.access.relations import RELATIONS, Relation, has_access, relation_of

# What a centre is told on results day; moderator and board know it before.
HELD_BACK = frozenset({"moderation.decided.v1", "moderator_report.published.v1"})

# What takes back an outcome that is older: a sample is generated of another submission.
TAKEN_BACK_BY = {
    "moderation.decided.v1": frozenset({"moderation.returned.v1", "sample.generated.v1"})
}

# That an outcome was given back is no concern of a centre, which has not heard of it.
NOT_FOR_CENTRES = frozenset({"moderation.returned.v1"})

# What is between a centre and the board, and no concern of the moderator: what is asked for and
# answered, what is missing.
NOT_MODERATED = ("amendment.", "extension.", "reminder.")

# What a tool needs to read at the service an event is from.
SCOPES = {
    "marks": "marks:read",
    "sampling": "samples:read",
    "uploads": "evidence:read",
    "reports": "reports:read",
}

NOT_YET_FOR_CENTRES: frozenset[Relation] = RELATIONS - {"centre"}
NOT_FOR_MODERATORS: frozenset[Relation] = RELATIONS - {"appointee"}
ONLY_FOR_CENTRES: frozenset[Relation] = frozenset({"centre"})


@dataclass(frozen=True)
class Audience:
    """Of one event: the paper and centres it is about, and by moderator those of their sheets.

    Board staff are told of everything, so of events about no centre, too; tools as the board is,
    of the centres and services they have a scope for; those of some centres alone as these are.
    `sets` are the teaching sets of those it names, None where it is about the whole sheet.
    """

    paper_id: str = ""
    source: str = ""
    relations: Collection[Relation] = RELATIONS
    centres: frozenset[str] = frozenset()
    moderated: Mapping[str, Collection[str]] = field(default_factory=dict)
    sets: frozenset[str] | None = frozenset()

    def includes(self, who: Principal) -> bool:
        if who.kind == "service":
            scope = SCOPES.get(self.source, "")
            told = any(who.may(scope, centre_no) for centre_no in self.centres or ("",))
            return told and ("centre" if who.only_centres else "board") in self.relations
        return any(self._includes(who, centre_no) for centre_no in self._centres_of(who))

    def _centres_of(self, who: Principal) -> Collection[str]:
        if who.kind == "centre":
            return self.centres & who.centres.keys()
        return self.moderated.get(who.user_id, ()) if who.kind == "appointee" else ("",)

    def _includes(self, who: Principal, centre_no: str) -> bool:
        moderated = self.moderated.get(who.user_id, ())
        relation = relation_of(who, centre_no, self.paper_id, lambda: centre_no in moderated)
        if relation is None or relation not in self.relations:
            return False
        if relation == "centre" and not self._reached_by(who.centres[centre_no].teaching_sets):
            return False
        return has_access(who, relation, centre_no)

    def _reached_by(self, only: frozenset[str] | None) -> bool:
        """Whether somebody who is told of these sets alone may hear of everybody it names."""
        return only is None or (self.sets is not None and self.sets <= only)
