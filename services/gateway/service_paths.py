"""The addresses, in the interface of each service, of one centre's paper."""


def _of_sheet(service: str, centre_no: str, paper_id: str) -> str:
    return f"/api/{service}/centres/{centre_no}/papers/{paper_id}"


def marks(centre_no: str, paper_id: str) -> str:
    return _of_sheet("marks", centre_no, paper_id)


def sample(centre_no: str, paper_id: str) -> str:
    return _of_sheet("sampling", centre_no, paper_id) + "/sample"


def uploads(centre_no: str, paper_id: str) -> str:
    return _of_sheet("uploads", centre_no, paper_id)


def files(centre_no: str, paper_id: str, place: str) -> str:
    """The files of a candidate, or with `GROUP` for a place those of the whole group."""
    of_place = "group-files" if place == GROUP else f"candidates/{place}/files"
    return f"{uploads(centre_no, paper_id)}/{of_place}"


def report(centre_no: str, paper_id: str) -> str:
    return _of_sheet("reports", centre_no, paper_id) + "/candidate-details"


def moderator(centre_no: str, paper_id: str) -> str:
    return _of_sheet("identity", centre_no, paper_id) + "/moderator"


GROUP = "group"
