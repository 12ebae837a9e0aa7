"""Evidence on its way out: to be saved or, where that is safe, to be shown in a page."""

from services.uploads.domain.rules import check_download, check_preview
from services.uploads.models import EvidenceFile
from shared.files import outgoing
from shared.files.outgoing import SANDBOX, KeptFile
from shared.storage import Storage
from shared.web.downloads import disposition
from shared.web.routes import Reply

# Browsers refuse to show a PDF in a sandbox, and players in one ask for sound and films without
# who they are; nothing of these runs in this origin.
PLAYED = ("audio/", "video/")
PDF = "application/pdf"
UNBOXED = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; media-src 'self'"


def attachment(file: EvidenceFile, storage: Storage) -> Reply:
    """The file to be saved, never shown."""
    check_download(file.status)
    return outgoing.attachment(_kept(file), storage)


def preview(file: EvidenceFile, storage: Storage) -> Reply:
    """The file to be shown by a browser as what it was recognised as, where that is safe."""
    check_download(file.status)
    shown_as = check_preview(file.shown_as)
    unboxed = shown_as == PDF or shown_as.startswith(PLAYED)
    policy = UNBOXED if unboxed else SANDBOX
    named = disposition("inline", file.name)
    headers = {"Content-Disposition": named, "Content-Security-Policy": policy}
    return outgoing.sent(_kept(file), storage, shown_as, headers)


def _kept(file: EvidenceFile) -> KeptFile:
    return KeptFile(file.object_key, file.name, file.content_type, file.size, file.sha256)
