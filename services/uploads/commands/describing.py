"""Saying anew what a file is, without uploading it again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from services.uploads.commands.lacking import tell_lacking
from services.uploads.domain import rules
from services.uploads.domain.pieces import About, check_about
from services.uploads.domain.rules import Place
from services.uploads.queries import FileJson, asked_for, file_at, file_json
from shared import audit, clock
from shared.access.principal import Principal
from shared.audit import Change


def describe_file(
    session: Session, who: Principal, place: Place, file_id: str, said: Mapping[str, Any]
) -> FileJson:
    """Change what is `said` of the file, of what `About` holds, as long as it might be uploaded.

    The same again changes nothing.
    """
    file = file_at(session, who, place, file_id, lock=True)
    before = About.of(file.about)
    about = About.of({**before.kept(), **said})
    asked = rules.check_upload(asked_for(session, place), place.candidate_no, clock.now())
    check_about(asked, place.candidate_no, about, before)
    if about == before:
        return file_json(file)
    file.about = about.kept()
    known = {"file": file.id}
    change = Change(before=known | before.kept(), after=known | file.about)
    audit.record(session, who, "evidence.describe", str(place), change)
    tell_lacking(session, place.centre_no, place.paper_id)
    return file_json(file)
