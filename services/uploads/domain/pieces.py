"""Which piece of the work a file is, whom a group file is about, and what is still missing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from services.uploads.domain.rules import GROUP, NONE, OUTSIDE_SAMPLE, Asked
from shared.errors import FieldError, UnprocessableError
from shared.i18n import gettext as _


@dataclass(frozen=True)
class About:
    """What the sender says of a file: its piece, and of a group file the `candidates` it is for.

    An `exemption` is a note instead of that piece or, without one, instead of all the work. A group
    file that names nobody is for everybody.
    """

    piece: str | None = None
    exemption: bool = False
    candidates: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """From what `kept` gave; of files from before it was asked, nothing is known."""
        return cls(**{**kept, "candidates": tuple(kept.get("candidates", ()))})

    def kept(self) -> dict[str, Any]:
        return {**asdict(self), "candidates": list(self.candidates)}


NOTHING = About()


@dataclass(frozen=True)
class Filed:
    """A file that counts, at a candidate or (None) at the group."""

    candidate_no: str | None
    about: About

    def concerns(self, candidate_no: str) -> bool:
        """Whether a file of the group is about this candidate."""
        return not self.about.candidates or candidate_no in self.about.candidates


@dataclass(frozen=True)
class Lacking:
    """Who lacks evidence: the `group`, and `candidates` with the pieces that are missing.

    Where a paper names no pieces any file will do, and nothing is named.
    """

    group: bool
    candidates: Mapping[str, Sequence[str]]


def check_about(
    asked: Asked, candidate_no: str | None, about: About, before: About = NOTHING
) -> None:
    """Raise `UnprocessableError` where the file is about what the paper or its sample has not.

    Whom it was about `before` may stay: a sample that shrank does not make it everybody's.
    """
    if about.piece is not None and about.piece not in asked.pieces:
        said = _("This paper asks for no such piece: %(piece)s", piece=about.piece)
        raise _refused("/piece", said)
    if about.candidates and candidate_no is not None:
        raise _refused("/candidates", _("Only a file of the group is about several candidates."))
    there = {*(asked.sample or ()), *before.candidates}
    outside = [number for number in about.candidates if number not in there]
    if outside:
        said = _("Not in the sample: %(candidates)s", candidates=", ".join(outside))
        raise _refused("/candidates", said, OUTSIDE_SAMPLE)


def lacking(
    upload: str, pieces: Sequence[str], sampled: Iterable[str], files: Sequence[Filed]
) -> Lacking:
    """Who lacks evidence, of a sheet whose paper wants it uploaded so (see `Asked`)."""
    if upload == NONE:
        return Lacking(group=False, candidates={})
    by_place: defaultdict[str | None, list[Filed]] = defaultdict(list)
    for file in files:
        by_place[file.candidate_no].append(file)
    group = upload == GROUP and not by_place[None]
    found = {}
    for number in sampled:
        there = by_place[number] + [file for file in by_place[None] if file.concerns(number)]
        gaps = _missing(pieces, [file.about for file in there])
        if gaps or not (there or group):
            found[number] = gaps
    return Lacking(group, found)


def _missing(pieces: Sequence[str], there: Sequence[About]) -> list[str]:
    if any(about.exemption and about.piece is None for about in there):
        return []
    brought = {about.piece for about in there}
    return [piece for piece in pieces if piece not in brought]


def _refused(pointer: str, sentence: str, slug: str = "") -> UnprocessableError:
    return UnprocessableError(sentence, errors=[FieldError(pointer, sentence)], slug=slug)
