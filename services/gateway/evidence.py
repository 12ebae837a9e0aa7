"""Evidence as its page shows it: a section for the group and for each sampled candidate."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.gateway import service_paths
from services.gateway.calls import Json
from services.gateway.client import Client
from services.gateway.menu import is_submitted
from services.gateway.sample import candidates_of
from services.gateway.service_paths import GROUP
from shared.i18n import gettext as _
from shared.i18n import ngettext

MEBIBYTE = 2**20
NO_FILES: Json = {"candidates": [], "group_files": [], "group_lacks": False}


@dataclass(frozen=True)
class Parts:
    """What the services say; a part is `None` where its service is down."""

    paper: Json | None
    sample: Json | None
    sheet: Json | None
    files: Json | None

    @property
    def mode(self) -> str:
        """`none`, `candidate` or `group` (which has files of candidates too)."""
        return str(self.paper["upload"]) if self.paper else "candidate"

    @property
    def has_group(self) -> bool:
        """Whether there are group files for the reader, who may be for some teaching sets only."""
        return self.mode == GROUP and not (self.paper or {}).get("only_some_sets")

    @property
    def dues(self) -> dict[str, str]:
        """The days by which the work of further candidates is asked for."""
        asked = self.sample["candidates"] if self.sample else []
        return {one["candidate_no"]: one["due"] for one in asked if one["due"]}

    def largest(self, of_installation: int) -> int:
        """The size of the largest file of the paper, in bytes."""
        wanted = ((self.paper or {}).get("max_file_mib") or 0) * MEBIBYTE
        return min(wanted, of_installation) if wanted else of_installation

    def until(self, dues: Iterable[str]) -> str:
        """The last day: the paper's, or a later one of `dues`; empty where it is not known."""
        return max([self.paper["evidence_until"], *dues]) if self.paper else ""


@dataclass(frozen=True)
class Section:
    """The files of one candidate, or of the group (`place` is then `group`).

    `until` is the last day for them (YYYY-MM-DD, empty where it is not known); `missing` are the
    named pieces that nothing was brought for; `further` says that the moderator or the board asked
    for this candidate later.
    """

    place: str
    name: str
    files: Sequence[Json]
    until: str
    is_open: bool
    lacks: bool
    missing: Sequence[str] = ()
    further: bool = False

    @property
    def anchor(self) -> str:
        return GROUP if self.place == GROUP else f"c{self.place}"


def sections(parts: Parts, today: str) -> list[Section]:
    """The group first, where the paper has group files, then the candidates by number."""
    listed = parts.files or NO_FILES
    made = []
    if parts.has_group or listed["group_files"]:
        until, files = parts.until(parts.dues.values()), listed["group_files"]
        lacks = listed["group_lacks"]
        made.append(Section(GROUP, "", files, until, _is_open(until, today), lacks=lacks))
    names = candidates_of(parts.sheet)
    return made + [_of_candidate(parts, one, names, today) for one in listed["candidates"]]


def _of_candidate(parts: Parts, listed: Json, names: Mapping[str, Json], today: str) -> Section:
    number, files = listed["candidate_no"], listed["files"]
    due = parts.dues.get(number)
    until = parts.until([due] if due else [])
    return Section(
        place=number,
        name=names[number]["name"] if number in names else "",
        files=files,
        until=until,
        is_open=_is_open(until, today),
        lacks=listed["lacks"],
        missing=listed["missing"],
        further=due is not None,
    )


def has_archive(parts: Parts) -> bool:
    """Whether there is a file that may be handed out."""
    listed = parts.files or NO_FILES
    places = [one["files"] for one in listed["candidates"]] + [listed["group_files"]]
    return any(file["status"] == "accepted" for files in places for file in files)


def lacking(services: Client, centre_no: str = "") -> dict[tuple[str, str], str]:
    """Who lacks evidence, in words, by centre and paper; nothing where it is down.

    Of a centre, or of all that is allocated to a moderator.
    """
    told = services.part(service_paths.lacking(centre_no), absent={"sheets": []})
    return {
        (sheet["centre_no"], sheet["paper_id"]): lacking_words(
            len(sheet["candidates"]), group=sheet["group"]
        )
        for sheet in (told["sheets"] if told else ())
    }


def lacking_words(candidates: int, *, group: bool) -> str:
    """How many candidates lack evidence, and whether files of the whole group are awaited."""
    if not group:
        return ngettext(
            "%(num)s candidate still lacks evidence",
            "%(num)s candidates still lack evidence",
            candidates,
        )
    if not candidates:
        return _("The group still lacks evidence")
    return ngettext(
        "%(num)s candidate and the group still lack evidence",
        "%(num)s candidates and the group still lack evidence",
        candidates,
    )


def _is_open(until: str, today: str) -> bool:
    """Where it is not known, the service will say."""
    return not until or today <= until


def situation(parts: Parts) -> str:
    """What the page is about: the files, or why there are none to be uploaded."""
    if parts.mode == "none":
        return "no-upload"
    if parts.files is None:
        return "unavailable"
    if parts.files["candidates"] or parts.files["group_files"]:
        return "files"
    if parts.paper and not is_submitted(parts.paper):
        return "not-submitted"
    if not parts.sample or parts.sample["state"] != "generated" or parts.sample["candidates"]:
        return "no-sample"
    return "files" if parts.has_group else "nobody"
