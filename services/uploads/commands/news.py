"""What the events of a file carry: as it happens, and when it is told again."""

from collections.abc import Sequence
from datetime import datetime

from services.uploads.models import EvidenceFile


def uploaded_data(file: EvidenceFile) -> dict[str, object]:
    """The data of `evidence.uploaded.v1`."""
    return {
        **_described(file),
        "content_type": file.content_type,
        "uploaded_at": file.uploaded_at.isoformat(),
    }


def deleted_data(file: EvidenceFile, at: datetime) -> dict[str, object]:
    """The data of `evidence.deleted.v1`."""
    return {**_described(file), "deleted_at": at.isoformat()}


def status_data(file: EvidenceFile, at: datetime) -> dict[str, object]:
    """The data of `evidence.status_changed.v1`."""
    return {**_described(file), "changed_at": at.isoformat()}


def received_data(files: Sequence[EvidenceFile], at: datetime) -> dict[str, object]:
    """The data of `evidence.received.v1`: files of one sheet that one person has uploaded."""
    first = files[0]
    return {
        "centre_no": first.centre_no,
        "paper_id": first.paper_id,
        "uploaded_by": first.uploaded_by_id,
        "at": at.isoformat(),
        "files": [
            {
                "candidate_no": file.candidate_no,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "uploaded_at": file.uploaded_at.isoformat(),
            }
            for file in files
        ],
    }


def _described(file: EvidenceFile) -> dict[str, object]:
    return {
        "centre_no": file.centre_no,
        "paper_id": file.paper_id,
        "candidate_no": file.candidate_no,
        "file_id": file.id,
        "size": file.size,
        "sha256": file.sha256,
        "status": file.status,
    }
