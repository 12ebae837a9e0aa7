"""HTTP in, HTTP out: uploads in parts, which may be broken off and gone on with."""

from typing import Annotated

from flask import request
from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from services.uploads.access import MAY_CHANGE
from services.uploads.api.table import (
    LONGEST_PIECE,
    MOST_CANDIDATES,
    ROUTES,
    SHEET,
    CandidateNo,
)
from services.uploads.capacity import CAPACITY
from services.uploads.commands import transfers
from services.uploads.commands.transfers import Announced
from services.uploads.domain.parts import PART_BYTES, Cut, check_digest, check_part
from services.uploads.domain.pieces import About
from services.uploads.domain.rules import Place
from services.uploads.models import Transfer
from services.uploads.queries import FileJson
from shared.access.rules import not_found, only_some_sets
from shared.access.teaching_sets import candidates_of
from shared.errors import ConflictError
from shared.files import incoming, store
from shared.i18n import gettext as _
from shared.storage import ObjectMissingError
from shared.web.routes import Call, Reply

UPLOADS = f"{SHEET}/uploads"
ONE = f"{UPLOADS}/<upload_id>"
# RFC 9530.
DIGEST = "Content-Digest"
ADDRESSES_AT_ONCE = 8
MEDIA_TYPE = r"^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$"


class Begin(BaseModel):
    """A file that is going to be sent in parts; without `candidate_no` it is of the group.

    `piece` is a piece that the paper names, `exemption` says that the file is a note instead of it
    (or of all the work), `candidates` whom a file of the group is about, if not everybody.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Annotated[str, Field(max_length=4096)]
    size: Annotated[int, Field(ge=1)]
    candidate_no: CandidateNo | None = None
    content_type: Annotated[str, Field(pattern=MEDIA_TYPE)] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None
    piece: Annotated[str, Field(max_length=LONGEST_PIECE)] | None = None
    exemption: bool = False
    candidates: Annotated[list[CandidateNo], Field(max_length=MOST_CANDIDATES)] = []

    def announced(self) -> Announced:
        about = About(self.piece, self.exemption, tuple(sorted(set(self.candidates))))
        return Announced(self.name, self.size, self.content_type, self.sha256, about)


class Complete(BaseModel):
    """With `once`, a file that is there already by that name is answered (200), not kept again."""

    model_config = ConfigDict(extra="forbid", strict=True)

    once: bool = False


class PartJson(TypedDict):
    """A part the store has; they count from 1."""

    number: int
    size: int


class UploadJson(TypedDict):
    """An upload under way: `part_size` bytes each but the last, `parts` so far.

    Where `direct` is true, each part has an address in the store itself.
    """

    id: str
    name: str
    size: int
    part_size: int
    part_count: int
    direct: bool
    parts: list[PartJson]


class AddressJson(TypedDict):
    """Where a part is PUT; good for a quarter of an hour, and for this part alone.

    `following` are those of the parts after it, in turn: so a large file asks for few.
    """

    url: str
    following: list[str]


@ROUTES.post(
    UPLOADS,
    access=MAY_CHANGE,
    body=Begin,
    streams=True,
    status=201,
    returns=UploadJson,
    refusals=(409, 413, 422),
)
def begin_upload(call: Call, body: Begin, centre_no: str, paper_id: str) -> UploadJson:
    """Begin an upload in parts."""
    place = Place(centre_no, paper_id, body.candidate_no)
    _check_reach(call, place)
    begun = transfers.begin(call.database, store.bucket(), call.principal, place, body.announced())
    return _shown(begun, [])


@ROUTES.get(ONE, access=MAY_CHANGE, returns=UploadJson)
def get_upload(call: Call, upload_id: str, **sheet: str) -> UploadJson:
    """An upload under way, with the parts that are there."""
    found = transfers.own(call.session, call.principal, Place(**sheet), upload_id)
    return _shown(found, _there(found))


@ROUTES.put(
    f"{ONE}/parts/<number>", access=MAY_CHANGE, streams=True, status=204, refusals=(400, 409, 422)
)
def put_part(call: Call, upload_id: str, number: str, **sheet: str) -> None:
    """One part, as it is: its size is told beforehand, and `Content-Digest` (sha-256) may be."""
    found = _own(call, upload_id, sheet)
    size = check_part(Cut(found.size), _number(number), request.content_length)
    with CAPACITY.place(found.centre_no):
        part = incoming.exactly(request.stream, size)
        check_digest(request.headers.get(DIGEST), part)
        try:
            store.bucket().put_part(found.object_key, found.store_id, int(number), part)
        except ObjectMissingError as error:
            raise _over() from error


@ROUTES.get(
    f"{ONE}/parts/<number>/address", access=MAY_CHANGE, returns=AddressJson, refusals=(409, 422)
)
def get_address(call: Call, upload_id: str, number: str, **sheet: str) -> AddressJson:
    """Where one part goes straight to the store, and the next ones."""
    found = transfers.own(call.session, call.principal, Place(**sheet), upload_id)
    cut, wanted = Cut(found.size), _number(number)
    check_part(cut, wanted, cut.bytes_of(wanted))
    storage = store.bucket()
    if not storage.is_public:
        raise ConflictError(_("Parts go through the service here."), slug="not-direct")
    # What was sent to the addresses before is in the store by now.
    storage.flush_ahead()
    last = min(cut.parts, wanted + ADDRESSES_AT_ONCE - 1)
    url, *following = (
        storage.address(found.object_key, found.store_id, each) for each in range(wanted, last + 1)
    )
    return {"url": url, "following": following}


@ROUTES.post(
    f"{ONE}/completion",
    access=MAY_CHANGE,
    body=Complete,
    streams=True,
    status=201,
    also=(200,),
    returns=FileJson,
    refusals=(409, 422),
)
def complete_upload(call: Call, body: Complete, upload_id: str, **sheet: str) -> Reply:
    """List the file, when the store has it whole and as it was sent."""
    with call.database.reading() as session:
        listed = transfers.completed(session, call.principal, Place(**sheet), upload_id)
    if listed is not None:
        return Reply(listed, status=200)
    found = _own(call, upload_id, sheet)
    storage = store.bucket()
    try:
        with CAPACITY.place(found.centre_no):
            kept = transfers.complete(call.database, storage, call.principal, found, once=body.once)
    except ObjectMissingError as error:
        raise _over() from error
    return Reply(kept.file, status=None if kept.is_new else 200)


@ROUTES.delete(ONE, access=MAY_CHANGE, streams=True, status=204)
def abort_upload(call: Call, upload_id: str, **sheet: str) -> None:
    """Give an upload up: nothing of it is kept."""
    transfers.give_up(call.database, store.bucket(), _own(call, upload_id, sheet))


def _check_reach(call: Call, place: Place) -> None:
    """The candidate is in the body, where the access rule does not look."""
    with call.database.reading() as session:
        there = candidates_of(session, call.principal, place.centre_no, place.paper_id)
    if there is None:
        return
    if place.candidate_no is None:
        raise only_some_sets()
    if place.candidate_no not in there:
        raise not_found()


def _own(call: Call, upload_id: str, sheet: dict[str, str]) -> Transfer:
    with call.database.reading() as session:
        return transfers.own(session, call.principal, Place(**sheet), upload_id)


def _number(given: str) -> int:
    """The number of a part; 0, which there is not, for anything else."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < len("100000") else 0


def _over() -> ConflictError:
    return ConflictError(_("This upload is over. Begin it again."), slug="upload-over")


def _there(transfer: Transfer) -> list[PartJson]:
    """The parts that are there whole; none where the store has given the upload up."""
    cut = Cut(transfer.size)
    try:
        stored = store.bucket().parts(transfer.object_key, transfer.store_id)
    except ObjectMissingError:
        return []
    return [
        {"number": part.number, "size": part.size}
        for part in stored
        if part.size == cut.bytes_of(part.number)
    ]


def _shown(transfer: Transfer, parts: list[PartJson]) -> UploadJson:
    return {
        "id": transfer.id,
        "name": transfer.name,
        "size": transfer.size,
        "part_size": PART_BYTES,
        "part_count": Cut(transfer.size).parts,
        "direct": store.bucket().is_public,
        "parts": parts,
    }
