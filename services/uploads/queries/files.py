"""The files of a place and of a sheet."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Exists, exists, or_, select
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from services.uploads.domain.names import folder_of
from services.uploads.domain.pieces import About, Filed, lacking
from services.uploads.domain.rules import ACCEPTED, NONE, REJECTED, Asked, Place
from services.uploads.models import (
    EnteredCandidate,
    EvidenceFile,
    Paper,
    SampleCandidate,
    Sheet,
    Transfer,
)
from services.uploads.queries.entered import is_entered
from services.uploads.queries.quota import QuotaJson, is_whole, quota_json, quota_of
from services.uploads.queries.sampled import IS_SAMPLED
from shared.access.principal import Principal
from shared.access.rules import not_found


class FileJson(TypedDict):
    """One file; `uploaded_by` is the name of the account.

    `piece` is the piece of the work that it is or, with `exemption`, a note instead of it (without
    a piece, instead of all the work); a group file is about `candidates`, or everybody.

    `status` is `accepted`, `waiting` (for the scan for viruses) or `rejected`; `preview` tells
    whether it may be shown in a page, and `same_as` is the id of an earlier file of the same
    candidate, or of the group, with the very same content.
    """

    id: str
    name: str
    size: int
    content_type: str
    sha256: str
    uploaded_at: str
    uploaded_by: str
    piece: str | None
    exemption: bool
    candidates: list[str]
    status: str
    preview: bool
    same_as: str | None


class FilesJson(TypedDict):
    """The files of one candidate, or of the group, oldest first."""

    files: list[FileJson]
    total: int


class CandidateFilesJson(TypedDict):
    """A sampled candidate and the files there are so far.

    `missing` are the named pieces that nothing was brought for; who `lacks` evidence misses some
    or, where the paper names none, has no file at all. Of whoever was withdrawn nothing lacks.
    """

    candidate_no: str
    files: list[FileJson]
    lacks: bool
    missing: list[str]


class SheetFilesJson(TypedDict):
    """All evidence of a sheet; every sampled candidate is named, also those without a file.

    `quota` is about all papers of the centre: null for who is not there for all of them.
    """

    candidates: list[CandidateFilesJson]
    group_files: list[FileJson]
    group_lacks: bool
    quota: QuotaJson | None


def file_json(file: EvidenceFile, same: EvidenceFile | None = None) -> FileJson:
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "content_type": file.content_type,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at.isoformat(),
        "uploaded_by": file.uploaded_by,
        "piece": file.about.get("piece"),
        "exemption": file.about.get("exemption", False),
        "candidates": file.about.get("candidates", []),
        "status": file.status,
        "preview": file.status == ACCEPTED and file.shown_as is not None,
        "same_as": same.id if same else None,
    }


def files_json(files: Iterable[EvidenceFile]) -> list[FileJson]:
    """Files of one sheet, oldest first; of those with the same content the later name the first."""
    firsts: dict[tuple[str | None, str], EvidenceFile] = {}
    listed = []
    for file in files:
        first = firsts.setdefault((file.candidate_no, file.sha256), file)
        listed.append(file_json(file, None if first is file else first))
    return listed


def same_files(session: Session, place: Place, sha256: str) -> list[EvidenceFile]:
    """The files in view at this place with this content, oldest first."""
    return list(_in_view(session, *_at(place), EvidenceFile.sha256 == sha256))


def asked_for(session: Session, place: Place) -> Asked | None:
    """What evidence the sheet of `place` asks for; None where its paper is not heard of yet."""
    paper = session.get(Paper, place.paper_id)
    if paper is None:
        return None
    sampled = session.scalar(select(_is_sampled(place)))
    return Asked(
        upload=paper.upload,
        evidence_until=paper.evidence_until,
        sample={row.candidate_no: row.due for row in _sample(session, place)} if sampled else None,
        pieces=paper.evidence_pieces,
        max_file_mib=paper.max_file_mib,
    )


def is_submitted(session: Session, place: Place) -> bool:
    sheet = session.get(Sheet, (place.centre_no, place.paper_id))
    return sheet is not None and sheet.submitted_at is not None


def files_at(session: Session, who: Principal, place: Place) -> FilesJson:
    """The files in view, none of them before the sample or outside it.

    Raises `NotFoundError` for a candidate who is not entered, and outside the sample for a
    moderator: a late entry is the centre's until it is submitted.
    """
    if place.candidate_no is not None:
        key = (place.centre_no, place.paper_id, place.candidate_no)
        in_sample = session.get(SampleCandidate, key) is not None
        if not in_sample and (who.kind == "appointee" or not _is_entered(session, key)):
            raise not_found()
    files = files_json(_in_view(session, *_at(place), *_handed_to(who, place)))
    return {"files": files, "total": len(files)}


def _is_entered(session: Session, key: tuple[str, str, str]) -> bool:
    entry = session.get(EnteredCandidate, key)
    return entry is not None and not entry.withdrawn


def file_at(
    session: Session, who: Principal, place: Place, file_id: str, *, lock: bool = False
) -> EvidenceFile:
    """The file in view with this id at this place, else `NotFoundError`."""
    wanted = select(EvidenceFile).where(
        EvidenceFile.id == file_id,
        EvidenceFile.deleted_at.is_(None),
        *_at(place),
        *_handed_to(who, place),
    )
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise not_found()
    return found


def transfer_at(session: Session, place: Place, transfer_id: str) -> Transfer | None:
    """The upload in parts of that id at this sheet, for whichever of its candidates."""
    wanted = select(Transfer).where(Transfer.id == transfer_id, *_of_sheet(Transfer, place))
    return session.scalar(wanted)


def files_of_sheet(
    session: Session, who: Principal, place: Place, there: Collection[str] | None = None
) -> SheetFilesJson:
    """With `there`, only these candidates' files, and none of the group's."""
    by_candidate: defaultdict[str | None, list[FileJson]] = defaultdict(list)
    files = list(_in_view(session, *_of_sheet(EvidenceFile, place), *_handed_to(who, place)))
    for file, listed in zip(files, files_json(files), strict=True):
        by_candidate[file.candidate_no].append(listed)
    sampled = [row.candidate_no for row in _sample(session, place)]
    paper = session.get(Paper, place.paper_id)
    upload, pieces = (paper.upload, paper.evidence_pieces) if paper else (NONE, ())
    awaited = [row.candidate_no for row in _sample(session, place, is_entered())]
    lack = lacking(upload, pieces, awaited, filed(files))
    return {
        "candidates": [
            {
                "candidate_no": number,
                "files": by_candidate[number],
                "lacks": number in lack.candidates,
                "missing": [*lack.candidates.get(number, ())],
            }
            for number in sampled
            if there is None or number in there
        ],
        "group_files": by_candidate[None] if there is None else [],
        "group_lacks": lack.group and there is None,
        "quota": quota_json(quota_of(session, place)) if is_whole(who, place) else None,
    }


def filed(files: Iterable[EvidenceFile]) -> list[Filed]:
    """Those that count: a rejected file is no evidence."""
    return [
        Filed(file.candidate_no, About.of(file.about)) for file in files if file.status != REJECTED
    ]


def accepted_files(
    session: Session, who: Principal, place: Place, there: Collection[str] | None = None
) -> list[EvidenceFile]:
    """What may be handed out of a sheet, by candidate; `NotFoundError` where there is nothing.

    With `there`, only these candidates' files, and none of the group's.
    """
    of_sheet = *_of_sheet(EvidenceFile, place), *_handed_to(who, place)
    accepted = _in_view(session, *of_sheet, EvidenceFile.status == ACCEPTED)
    told = [file for file in accepted if there is None or file.candidate_no in there]
    found = sorted(told, key=lambda file: file.candidate_no or "")
    if not found:
        raise not_found()
    return found


def folder_of_sheet(session: Session, place: Place) -> str:
    """What the folder with the evidence of a sheet is called."""
    paper = session.get(Paper, place.paper_id)
    return folder_of(place.centre_no, paper.title if paper else place.paper_id)


def _sample(
    session: Session, place: Place, *where: ColumnElement[bool]
) -> Iterable[SampleCandidate]:
    of_sheet = *_of_sheet(SampleCandidate, place), _is_sampled(place)
    rows = select(SampleCandidate).where(*of_sheet, *where)
    return session.scalars(rows.order_by(SampleCandidate.candidate_no))


def _is_sampled(place: Place) -> Exists:
    return exists().where(*_of_sheet(Sheet, place), IS_SAMPLED)


def _handed_to(who: Principal, place: Place) -> list[ColumnElement[bool]]:
    """Which files of a sheet are for `who`: for a moderator the sample's and, with it, the group's.

    What was brought for an earlier sample is for the centre and the board alone.
    """
    if who.kind != "appointee":
        return []
    sample = select(SampleCandidate.candidate_no).where(*_of_sheet(SampleCandidate, place))
    of_sample = EvidenceFile.candidate_no.in_(sample)
    return [_is_sampled(place), or_(EvidenceFile.candidate_no.is_(None), of_sample)]


def _in_view(session: Session, *where: ColumnElement[bool]) -> Iterable[EvidenceFile]:
    rows = select(EvidenceFile).where(EvidenceFile.deleted_at.is_(None), *where)
    return session.scalars(rows.order_by(EvidenceFile.uploaded_at, EvidenceFile.id))


def _at(place: Place) -> list[ColumnElement[bool]]:
    candidate = EvidenceFile.candidate_no.is_not_distinct_from(place.candidate_no)
    return [*_of_sheet(EvidenceFile, place), candidate]


def _of_sheet(table: type[Any], place: Place) -> list[ColumnElement[bool]]:
    return [table.centre_no == place.centre_no, table.paper_id == place.paper_id]
