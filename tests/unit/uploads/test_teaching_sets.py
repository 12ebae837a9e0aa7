"""Evidence, and somebody who is restricted to teaching sets."""

import io
import zipfile

from tests.support.service import ServiceUnderTest, teacher_of_sets
from tests.unit.uploads.builders import (
    CENTRE,
    PAPER,
    SAMPLED,
    SHEET,
    candidate_files,
    group_files,
    sampled_sheet,
    send,
    sent,
    told,
)

NIA = teacher_of_sets(CENTRE, "10A")
HERS, OTHER = SAMPLED


def tell_sets(service: ServiceUnderTest) -> None:
    same = {"surname": "X", "forenames": "Y", "dob": "2015-02-28", "uci": "", "change": "added"}
    candidates = [
        same | {"candidate_no": HERS, "teaching_set": "10A"},
        same | {"candidate_no": OTHER, "teaching_set": "10B"},
    ]
    data = {"centre_no": CENTRE, "paper_id": PAPER, "candidates": candidates}
    service.deliver("entries.changed.v1", f"{CENTRE}/{PAPER}", data)


def test_only_files_of_their_own_candidates_are_there(service: ServiceUnderTest) -> None:
    sampled_sheet(service)
    assert service.call("GET", candidate_files(HERS), NIA).status_code == 404
    tell_sets(service)
    other = sent(service, candidate_files(OTHER))
    assert send(service, candidate_files(HERS), as_=NIA).status_code == 201
    group = sent(service, group_files())

    listed = told(service.call("GET", f"{SHEET}/files", NIA))
    assert [one["candidate_no"] for one in listed["candidates"]] == [HERS]
    assert listed["group_files"] == []
    for method, path in (
        ("GET", candidate_files(OTHER)),
        ("GET", f"{candidate_files(OTHER)}/{other['id']}"),
        ("DELETE", f"{candidate_files(OTHER)}/{other['id']}"),
    ):
        assert service.call(method, path, NIA).status_code == 404
    assert send(service, candidate_files(OTHER), as_=NIA).status_code == 404
    archive = service.call("GET", f"{SHEET}/files/archive", NIA).data
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert (len(names), HERS in names[0]) == (1, True)
    for method, path in (("GET", group_files()), ("GET", f"{group_files()}/{group['id']}")):
        assert service.call(method, path, NIA).status_code == 403
    assert send(service, group_files(), as_=NIA).status_code == 403
