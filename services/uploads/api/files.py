"""HTTP in, HTTP out: the evidence of a candidate, and in the same way that of the group."""

from dataclasses import dataclass
from typing import Annotated, Any

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from services.uploads import commands, outgoing, queries
from services.uploads.access import MAY_CHANGE, MAY_CHANGE_ALL, MAY_LOOK, MAY_LOOK_AT_ALL
from services.uploads.api.table import (
    LONGEST_PIECE,
    MOST_CANDIDATES,
    OF_CANDIDATE,
    OF_GROUP,
    ROUTES,
    SHEET,
    CandidateNo,
)
from services.uploads.capacity import CAPACITY
from services.uploads.commands.files import To
from services.uploads.domain.pieces import About
from services.uploads.domain.rules import Place
from services.uploads.queries import FileJson, FilesJson, SheetFilesJson
from shared.access.rules import Rule
from shared.access.teaching_sets import candidates_of
from shared.files import store
from shared.files.incoming import (
    IncomingFile,
    boundary_of,
    check_length,
    is_same_file,
    least_size,
)
from shared.files.outgoing import ANY_TYPE
from shared.settings import settings
from shared.web.fields import Flag
from shared.web.routes import Call, Json, Reply, View, called

UPLOAD_REFUSALS = (400, 409, 413, 415, 422)
DOWNLOAD_REFUSALS = (409, 416)


class Wish(BaseModel):
    """With `once`, a file that is there already by that name is answered (200), not kept again.

    `piece` is a piece that the paper names, `exemption` says that the file is a note instead of it
    (or of all the work), `candidates` whom a file of the group is about, with commas between them.
    """

    once: bool = False
    piece: Annotated[str, Field(max_length=LONGEST_PIECE)] = ""
    exemption: Flag = False
    candidates: Annotated[
        str, Field(pattern=r"^([0-9]{4}(,[0-9]{4})*)?$", max_length=5 * MOST_CANDIDATES)
    ] = ""

    def about(self) -> About:
        numbers = {number for number in self.candidates.split(",") if number}
        return About(self.piece or None, self.exemption, tuple(sorted(numbers)))


class Describe(BaseModel):
    """What is said anew of a file; what is not named stays as it is.

    `piece` null is none of the pieces that the paper names, `candidates` empty is everybody.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    piece: Annotated[str, Field(max_length=LONGEST_PIECE)] | None = None
    exemption: bool = False
    candidates: Annotated[list[CandidateNo], Field(max_length=MOST_CANDIDATES)] = []

    def said(self) -> dict[str, Any]:
        given = self.model_dump(exclude_unset=True)
        if "candidates" in given:
            given["candidates"] = sorted(set(self.candidates))
        return given


@dataclass(frozen=True)
class FilesOf:
    """Whose files they are: where, who may look and change, and how the document calls them."""

    path: str
    named: str
    says: str
    may_look: Rule
    may_change: Rule


@ROUTES.get(f"{SHEET}/files", access=MAY_LOOK, returns=SheetFilesJson)
def list_files_of_sheet(call: Call, centre_no: str, paper_id: str) -> SheetFilesJson:
    """All evidence of a sheet, by sampled candidate and for the group, and what is missing."""
    there = candidates_of(call.session, call.principal, centre_no, paper_id)
    return queries.files_of_sheet(call.session, call.principal, Place(centre_no, paper_id), there)


def declare(of: FilesOf) -> None:
    """The routes of files at a place."""
    _declare_list(of)
    _declare_upload(of)
    _declare_download(of)
    _declare_preview(of)
    _declare_describe(of)
    _declare_delete(of)


def _declare_list(of: FilesOf) -> None:
    def view(call: Call, **path: str) -> FilesJson:
        return queries.files_at(call.session, call.principal, Place(**path))

    route = ROUTES.get(of.path, access=of.may_look, returns=FilesJson)
    route(called(view, f"list_{of.named}s", f"The files of {of.says}."))


def _declare_upload(of: FilesOf) -> None:
    def view(call: Call, query: Wish, **path: str) -> Reply:
        return _upload(call, Place(**path), query)

    route = ROUTES.post(
        of.path,
        access=of.may_change,
        query=Wish,
        streams=True,
        status=201,
        also=(200,),
        returns=FileJson,
        refusals=UPLOAD_REFUSALS,
        is_same=_is_same,
    )
    route(called(view, f"upload_{of.named}", f"Upload a file of {of.says}."))


def _declare_download(of: FilesOf) -> None:
    def view(call: Call, file_id: str, **path: str) -> Reply:
        file = queries.file_at(call.session, call.principal, Place(**path), file_id)
        return outgoing.attachment(file, store.bucket())

    _declare_bytes(of, "", called(view, f"download_{of.named}", f"A file of {of.says}."))


def _declare_preview(of: FilesOf) -> None:
    def view(call: Call, file_id: str, **path: str) -> Reply:
        file = queries.file_at(call.session, call.principal, Place(**path), file_id)
        return outgoing.preview(file, store.bucket())

    says = f"A file of {of.says} to be shown in a page, where its kind is safe to show."
    _declare_bytes(of, "/preview", called(view, f"preview_{of.named}", says))


def _declare_bytes(of: FilesOf, more: str, view: View) -> None:
    route = ROUTES.get(
        f"{of.path}/<file_id>{more}",
        access=of.may_look,
        media=ANY_TYPE,
        also=(206,),
        refusals=DOWNLOAD_REFUSALS,
    )
    route(view)


def _declare_describe(of: FilesOf) -> None:
    def view(call: Call, body: Describe, file_id: str, **path: str) -> FileJson:
        return commands.describe_file(
            call.session, call.principal, Place(**path), file_id, body.said()
        )

    route = ROUTES.patch(
        f"{of.path}/<file_id>",
        access=of.may_change,
        body=Describe,
        returns=FileJson,
        refusals=(409, 422),
    )
    route(called(view, f"describe_{of.named}", f"Say anew what a file of {of.says} is."))


def _declare_delete(of: FilesOf) -> None:
    def view(call: Call, file_id: str, **path: str) -> None:
        commands.delete_file(call.session, call.principal, Place(**path), file_id)

    route = ROUTES.delete(f"{of.path}/<file_id>", access=of.may_change, status=204, refusals=(409,))
    route(called(view, f"delete_{of.named}", f"Delete a file of {of.says}."))


def _is_same(earlier: Json, centre_no: str, **_path: str) -> bool:
    with CAPACITY.place(centre_no):
        return is_same_file(request, earlier)


def _upload(call: Call, place: Place, wish: Wish) -> Reply:
    boundary, about = boundary_of(request, settings().max_file_bytes), wish.about()
    largest = commands.check_upload(call.database, place, about, least_size(request))
    check_length(request, largest)
    to = To(place, largest, about, wish.once)
    incoming = IncomingFile(request.stream, boundary, largest)
    with CAPACITY.place(place.centre_no):
        kept = commands.keep_file(call.database, store.bucket(), call.principal, to, incoming)
    return Reply(kept.file, status=None if kept.is_new else 200)


declare(FilesOf(OF_CANDIDATE, "file", "a sampled candidate", MAY_LOOK, MAY_CHANGE))
declare(FilesOf(OF_GROUP, "group_file", "the whole group", MAY_LOOK_AT_ALL, MAY_CHANGE_ALL))
