"""The addresses of looking at a centre's pages (in templates as `looking_paths`)."""

from services.gateway import paths


def of_centre(centre_no: str) -> str:
    return f"{paths.board_centres()}/{centre_no}/looking"


def end() -> str:
    return "/looking/end"
